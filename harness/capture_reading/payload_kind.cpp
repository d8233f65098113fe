#include "harness/capture_reading/payload_kind.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace firstfin::capture_reading {

namespace {

// RFC 9110 9 and 5789; the methods of WebDAV that clients use. Others count once their whole line is there.
constexpr std::array<std::string_view, 15> methods{"GET",   "HEAD",      "POST",    "PUT",   "DELETE",
                                                   "PATCH", "OPTIONS",   "CONNECT", "TRACE", "PROPFIND",
                                                   "MKCOL", "PROPPATCH", "REPORT",  "COPY",  "MOVE"};
constexpr std::size_t longest_method = 24;

bool is_token_letter(char c) {
    return (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

bool is_tls_alert(std::string_view text, std::uint32_t payload) {
    if (text.size() < 5 || text[1] != 3) return false;
    const auto type = static_cast<unsigned char>(text[0]);
    const auto length =
        static_cast<std::size_t>(static_cast<unsigned char>(text[3]) << 8 | static_cast<unsigned char>(text[4]));
    // TLS 1.3 wraps an alert as application data: two bytes, their type and a tag of 16 or 8 bytes (RFC 8446 5.2).
    const bool wrapped = type == 23 && (length == 19 || length == 11) && payload == length + 5;
    return type == 21 || wrapped;
}

/// 101 is no interim answer: what follows is another protocol. The final answer may stand in the same segment.
bool is_interim(std::string_view text) {
    constexpr std::size_t code_at = std::string_view("HTTP/1.1 ").size();
    const auto code = text.substr(std::min(code_at, text.size()), 3);
    const auto head_end = text.find("\r\n\r\n");
    return (code == "100" || code == "102" || code == "103") &&
           (head_end == std::string_view::npos || head_end + 4 == text.size());
}

payload_kind kind_of_text(std::string_view text, bool cut) {
    using namespace std::string_view_literals;
    constexpr auto response = "HTTP/1."sv;
    if (text.starts_with(response)) return is_interim(text) ? payload_kind::http_interim : payload_kind::http_response;
    if (cut && response.starts_with(text)) return payload_kind::unseen;
    const auto head = text.substr(0, longest_method);
    const auto method_end = static_cast<std::size_t>(std::ranges::find_if_not(head, is_token_letter) - head.begin());
    if (method_end == text.size() && cut) return payload_kind::unseen;
    if (method_end == 0 || method_end >= text.size() || text[method_end] != ' ') return payload_kind::other;
    const auto line_end = text.find_first_of("\r\n");
    if (line_end != std::string_view::npos) {
        const auto line = text.substr(0, line_end);
        const bool named = line.size() > 9 && line.substr(line.size() - 9).starts_with(" HTTP/1.");
        return named ? payload_kind::http_request_line : payload_kind::other;
    }
    return std::ranges::find(methods, text.substr(0, method_end)) != methods.end() ? payload_kind::http_request
                                                                                   : payload_kind::other;
}

}  // namespace

payload_kind kind_of_payload(std::span<const std::uint8_t> captured, std::uint32_t payload) {
    if (captured.empty()) return payload_kind::unseen;
    const std::string_view text(reinterpret_cast<const char*>(captured.data()), captured.size());
    if (is_tls_alert(text, payload)) return payload_kind::tls_alert;
    return kind_of_text(text, captured.size() < payload);
}

}  // namespace firstfin::capture_reading
