#include "server/http_request/request.hpp"

#include <array>
#include <utility>

#include "server/http_request/letters.hpp"

namespace firstfin::http_request {

namespace {

constexpr std::array<std::pair<std::string_view, method>, 16> methods{{
    {"GET", method::get},
    {"HEAD", method::head},
    {"POST", method::post},
    {"PUT", method::put},
    {"DELETE", method::del},
    {"MKCOL", method::mkcol},
    {"COPY", method::copy},
    {"MOVE", method::move},
    {"OPTIONS", method::options},
    {"PROPFIND", method::propfind},
    {"PROPPATCH", method::proppatch},
    {"LOCK", method::lock},
    {"UNLOCK", method::unlock},
    {"PATCH", method::patch},
    {"TRACE", method::trace},
    {"CONNECT", method::connect},
}};

bool contains_any_case(std::string_view text, std::string_view word) {
    for (; text.size() >= word.size(); text.remove_prefix(1)) {
        if (lower(text.front()) == word.front() && equals_any_case(text.substr(0, word.size()), word)) return true;
    }
    return false;
}

}  // namespace

method method_of(std::string_view text) {
    for (const auto& [name, one] : methods) {
        if (name == text) return one;
    }
    return method::other;
}

std::optional<std::string_view> header_list::find(std::string_view name) const {
    for (std::size_t at = 0; at != size(); ++at) {
        const auto one = (*this)[at];
        if (one.name.size() == name.size() &&
            std::equal(name.begin(), name.end(), one.name.begin(),
                       [](char left, char right) { return lower(left) == lower(right); })) {
            return one.value;
        }
    }
    return std::nullopt;
}

connection_wish wish_in(std::string_view connection_line) {
    if (contains_any_case(connection_line, "close")) return connection_wish::close;
    if (contains_any_case(connection_line, "keep-alive")) return connection_wish::keep_alive;
    return connection_wish::unsaid;
}

bool request::allows_keep_alive() const {
    if (wish == connection_wish::unsaid) return version > http_1_0;
    return wish == connection_wish::keep_alive;
}

}  // namespace firstfin::http_request
