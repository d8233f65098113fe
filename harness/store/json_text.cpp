#include "harness/store/json_text.hpp"

#include <fmt/format.h>

#include <iterator>

#include "harness/store/utf8.hpp"

namespace firstfin {

namespace {

bool is_plain(char c) {
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

void append_escaped(std::string& out, const code_point& one, std::string_view bytes) {
    switch (one.value) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    const bool control = one.value < 0x20 || (one.value >= 0x7F && one.value < 0xA0);
    if (control || !one.valid)
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<std::uint32_t>(one.value));
    else
        out += bytes;
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && is_plain(text[plain]))
            ++plain;
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const auto one = first_code_point(text);
        append_escaped(out, one, text.substr(0, one.bytes));
        text.remove_prefix(one.bytes);
    }
    out += '"';
}

}  // namespace firstfin
