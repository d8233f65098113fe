#include "server/prepared_responses.hpp"

#include <fmt/format.h>

#include <boost/beast/http/status.hpp>

namespace firstfin {

namespace {

constexpr std::size_t most_at_once = 65'536;

std::string head_text(unsigned status, std::size_t body_size, std::string_view connection_fields) {
    const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    return fmt::format(
        "HTTP/1.1 {} {}\r\n"
        "Server: firstfin\r\n"
        "Content-Type: text/plain\r\n"
        "Content-Length: {}\r\n"
        "{}\r\n",
        status, std::string_view(reason.data(), reason.size()), body_size, connection_fields);
}

std::string hint_field(duration hint) {
    if (hint == duration::zero()) return {};
    return fmt::format("Keep-Alive: timeout={}\r\n", std::chrono::ceil<std::chrono::seconds>(hint).count());
}

}  // namespace

prepared_responses::prepared_responses(const server_policy& policy)
    : heads_{head_text(200, policy.response_size, "Connection: keep-alive\r\n" + hint_field(policy.keepalive_hint)),
             head_text(200, policy.response_size, "Connection: close\r\n")} {}

std::string refusal(unsigned status) {
    return head_text(status, 0, "Connection: close\r\n");
}

boost::asio::const_buffer body_bytes(std::size_t size) {
    static const std::string filler = [] {
        constexpr std::string_view line = "Who sends the first FIN?\n";
        std::string text;
        while (text.size() < most_at_once)
            text += line;
        text.resize(most_at_once);
        return text;
    }();
    return boost::asio::buffer(filler, size);
}

}  // namespace firstfin
