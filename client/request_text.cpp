#include "client/request_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace firstfin::client {

namespace {

bool is_token(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [marks](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               marks.find(c) != std::string_view::npos;
    });
}

bool is_target(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c != 0x7f; });
}

}  // namespace

std::string request_text(const scenario& what, std::string_view host, after_request wish) {
    const bool carries_content = what.method == "POST" || what.method == "PUT" || what.method == "PATCH";
    return fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: firstfin\r\n{}{}\r\n", what.method, what.path, host,
                       wish == after_request::close ? "Connection: close\r\n" : "",
                       carries_content ? "Content-Length: 0\r\n" : "");
}

std::optional<parse_error> why_unsendable(const scenario& what) {
    if (what.kind == scenario_kind::raw) {
        if (what.raw.empty()) return parse_error("the scenario raw needs the bytes to send (raw)");
        return std::nullopt;
    }
    if (!is_token(what.method))
        return parse_error(fmt::format("'{}' is not a method: expected a word such as GET", what.method));
    if (!is_target(what.path))
        return parse_error(
            fmt::format("'{}' is not a path: expected for example /index.html, without spaces", what.path));
    return std::nullopt;
}

}  // namespace firstfin::client
