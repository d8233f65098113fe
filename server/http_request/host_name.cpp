#include "server/http_request/host_name.hpp"

#include <optional>

#include "server/http_request/letters.hpp"

namespace firstfin::http_request {

namespace {

constexpr auto nowhere = std::string_view::npos;

/// Everything but blanks, control characters and '/' is welcome; two dots in a row are not, even behind the port.
std::optional<std::size_t> lenient_size(std::string_view text) {
    auto last_dot = nowhere;
    std::optional<std::size_t> size;
    const bool literal = text.starts_with('[');
    for (std::size_t at = 0; at != text.size(); ++at) {
        const auto one = static_cast<unsigned char>(text[at]);
        if (one == '.') {
            if (at != 0 && last_dot == at - 1) return std::nullopt;
            last_dot = at;
        } else if (one == ':') {
            if (!literal && !size) size = at;
        } else if (one == ']') {
            if (literal && !size) size = at + 1;
        } else if (one <= ' ' || one == 0x7f || one == '/') {
            return std::nullopt;
        }
    }
    auto known = size.value_or(text.size());
    if (last_dot != nowhere && last_dot + 1 == known) --known;
    return known;
}

bool is_one_of(char one, std::string_view some) {
    return some.find(one) != nowhere;
}

bool is_name_character(char one) {
    return is_letter(one) || is_digit(one) || is_one_of(one, "-._~!$&'()*+,;=%");
}

bool is_literal_character(char one) {
    return one == ':' || (is_name_character(one) && one != '%');
}

bool is_port(std::string_view text) {
    unsigned number = 0;
    for (const auto one : text) {
        if (!is_digit(one)) return false;
        number = number * 10 + static_cast<unsigned>(one - '0');
        if (number > 65535) return false;
    }
    return true;
}

std::optional<std::size_t> strict_size(std::string_view text) {
    const bool literal = text.starts_with('[');
    std::size_t size = literal ? 1 : 0;
    for (; size != text.size() && (literal ? is_literal_character(text[size]) : is_name_character(text[size]));
         ++size) {
        if (size != 0 && text[size] == '.' && text[size - 1] == '.') return std::nullopt;
    }
    if (literal) {
        if (size == text.size() || text[size] != ']') return std::nullopt;
        ++size;
    }
    if (size != text.size() && (text[size] != ':' || !is_port(text.substr(size + 1)))) return std::nullopt;
    if (size != 0 && text[size - 1] == '.') --size;
    return size;
}

}  // namespace

bool read_host(std::string_view text, const dialect& speaks, std::string& host) {
    const auto size = speaks.strict_host ? strict_size(text) : lenient_size(text);
    if (size.value_or(0) == 0) return false;
    host.assign(text.substr(0, *size));
    for (auto& one : host)
        one = lower(one);
    return true;
}

}  // namespace firstfin::http_request
