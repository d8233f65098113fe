#include "harness/validate/printing/excerpt.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/report/terminal_text.hpp"
#include "harness/store/utf8.hpp"

namespace firstfin::validate::printing {

namespace {

using report::display_width;
using report::shown;

/// As much of the start as fits.
std::string_view first_columns(std::string_view text, std::size_t width) {
    std::size_t bytes = 0;
    for (std::size_t columns = 0; bytes < text.size();) {
        const auto length = first_code_point(text.substr(bytes)).bytes;
        columns += display_width(text.substr(bytes, length));
        if (columns > width) break;
        bytes += length;
    }
    return text.substr(0, bytes);
}

/// As much of the end as fits.
std::string_view last_columns(std::string_view text, std::size_t width) {
    while (display_width(text) > width)
        text.remove_prefix(first_code_point(text).bytes);
    return text;
}

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

std::string excerpt(nginx_conf::position where, const source_places& places, std::size_t width) {
    const auto line = places.line_of(where);
    if (!where.is_known() || where.column == 0 || where.column > line.size()) return {};
    const std::size_t column = where.column - 1;
    const auto gutter = fmt::format("{:>6} | ", where.line);
    const auto room = std::max<std::size_t>(width, gutter.size() + 24) - gutter.size();

    // A file may be one line: only what could be seen is looked at.
    const auto most_bytes = 4 * room;
    auto from = std::max(std::min(line.find_first_not_of(" \t"), column), column - std::min(column, most_bytes));
    while (from < column && continues(line[from]))
        ++from;
    const auto whole_before = shown(line.substr(from, column - from));
    const auto before = last_columns(whole_before, room / 2);
    const auto whole_after = shown(line.substr(column, most_bytes));
    const auto after = first_columns(whole_after, room - display_width(before));
    const auto word = shown(line.substr(column, std::min(word_length(line.substr(column)), most_bytes)));
    const auto carets = std::clamp<std::size_t>(display_width(word), 1, std::max<std::size_t>(display_width(after), 1));
    return fmt::format("{}{}{}\n{:>{}}{:>{}}{}\n", gutter, before, after, "| ", gutter.size(), "",
                       display_width(before), std::string(carets, '^'));
}

}  // namespace firstfin::validate::printing
