#include "harness/explain/message_line.hpp"

#include <algorithm>

namespace firstfin::explain {

namespace {

bool is_method(std::string_view word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= 'A' && c <= 'Z'; });
}

message_line::kind kind_of(side from, std::string_view line, bool cut) {
    using kind = message_line::kind;
    if (from == side::server) return line.starts_with("HTTP/1.") ? kind::response : kind::none;
    const auto space = line.find(' ');
    const bool has_version = cut || line.find(" HTTP/1.") != std::string_view::npos;
    return space != std::string_view::npos && is_method(line.substr(0, space)) && has_version ? kind::request
                                                                                              : kind::other;
}

}  // namespace

message_line message_line_of(side from, std::span<const std::uint8_t> payload) {
    if (payload.empty()) return {};
    const std::string_view bytes(reinterpret_cast<const char*>(payload.data()), payload.size());
    const auto line_end = bytes.find('\n');
    message_line out;
    out.cut = line_end == std::string_view::npos;
    auto line = bytes.substr(0, line_end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.what = kind_of(from, line, out.cut);
    if (out.what == message_line::kind::none) return {};
    out.text = line;
    return out;
}

}  // namespace firstfin::explain
