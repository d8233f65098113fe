#include "harness/report/terminal_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "harness/store/utf8.hpp"

namespace firstfin::report {

namespace {

struct code_range {
    char32_t first;
    char32_t last;
};

template <std::size_t N>
bool is_in(const std::array<code_range, N>& ranges, char32_t value) {
    return std::ranges::any_of(ranges,
                               [value](const code_range& one) { return value >= one.first && value <= one.last; });
}

// Marks that reorder or hide what follows, and line separators.
constexpr std::array<code_range, 6> misleading{
    {{0x7F, 0x9F}, {0x61C, 0x61C}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}}};
// Unicode's East Asian Width W and F, in rough blocks.
constexpr std::array<code_range, 10> wide{{{0x1100, 0x115F},
                                           {0x2E80, 0x303E},
                                           {0x3041, 0xA4CF},
                                           {0xA960, 0xA97F},
                                           {0xAC00, 0xD7A3},
                                           {0xF900, 0xFAFF},
                                           {0xFE30, 0xFE6F},
                                           {0xFF00, 0xFF60},
                                           {0xFFE0, 0xFFE6},
                                           {0x1F300, 0x3FFFD}}};
constexpr std::array<code_range, 4> combining{{{0x300, 0x36F}, {0x1AB0, 0x1AFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};

bool is_printable_ascii(char c) {
    return c >= 0x20 && c < 0x7F;
}

std::size_t width_of(char32_t value) {
    return is_in(combining, value) ? 0 : is_in(wide, value) ? 2 : 1;
}

/// The bytes at the start of `text` that fill at most `width` columns, at least one character.
std::size_t fitting(std::string_view text, std::size_t width) {
    std::size_t bytes = 0;
    std::size_t columns = 0;
    while (bytes < text.size()) {
        const auto one = first_code_point(text.substr(bytes));
        columns += width_of(one.value);
        if (columns > width && bytes != 0) break;
        bytes += one.bytes;
    }
    return bytes;
}

}  // namespace

std::string shown(std::string_view text) {
    if (std::ranges::all_of(text, is_printable_ascii)) return std::string(text);
    std::string out;
    while (!text.empty()) {
        const auto one = first_code_point(text);
        const auto value = static_cast<std::uint32_t>(one.value);
        const auto into = std::back_inserter(out);
        if (!one.valid)
            fmt::format_to(into, "\\x{:02x}", static_cast<std::uint8_t>(text.front()));
        else if (value == '\n' || value == '\r' || value == '\t')
            out += ' ';
        else if (value < 0x20)
            fmt::format_to(into, "\\x{:02x}", value);
        else if (is_in(misleading, one.value))
            fmt::format_to(into, "\\u{:04x}", value);
        else
            out += text.substr(0, one.bytes);
        text.remove_prefix(one.bytes);
    }
    return out;
}

std::size_t display_width(std::string_view text) {
    if (std::ranges::all_of(text, is_printable_ascii)) return text.size();
    std::size_t columns = 0;
    while (!text.empty()) {
        const auto one = first_code_point(text);
        columns += width_of(one.value);
        text.remove_prefix(one.bytes);
    }
    return columns;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::string_view also_after) {
    std::vector<std::string> lines;
    width = std::max<std::size_t>(width, 1);
    while (display_width(text) > width) {
        const auto room = text.substr(0, fitting(text, width));
        // A space just behind the room breaks there too.
        const auto with_next = text.substr(0, room.size() + 1);
        auto taken = room.size();
        auto skipped = taken;
        if (const auto space = with_next.rfind(' '); space != std::string_view::npos && space != 0) {
            taken = space;
            skipped = space + 1;
        } else if (const auto mark = room.find_last_of(also_after); mark != std::string_view::npos && mark != 0) {
            taken = skipped = mark + 1;
        }
        lines.emplace_back(text.substr(0, taken));
        text.remove_prefix(skipped);
    }
    if (!text.empty() || lines.empty()) lines.emplace_back(text);
    return lines;
}

std::string paragraph(std::string_view text, std::size_t width, std::size_t indent) {
    std::string out;
    const auto inner = width > indent + 8 ? width - indent : width;
    bool first = true;
    for (const auto& line : wrapped(text, inner)) {
        if (!first && inner != width) out.append(indent, ' ');
        first = false;
        out += line;
        out += '\n';
    }
    return out;
}

std::string grouped(std::uint64_t number) {
    auto digits = std::to_string(number);
    for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > 0; place -= 3)
        digits.insert(static_cast<std::size_t>(place), 1, ',');
    return digits;
}

}  // namespace firstfin::report
