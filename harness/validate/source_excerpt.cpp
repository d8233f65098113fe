#include "harness/validate/source_excerpt.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace firstfin::validate {

namespace {

constexpr std::size_t most_errors = 20;
// Fits into 80 columns, and shows enough on both sides of the caret.
constexpr std::size_t most_before = 50;
constexpr std::size_t most_shown = 74;

std::string on_one_line(std::string_view bytes) {
    std::string out(bytes);
    std::ranges::replace(out, '\t', ' ');
    return nginx_conf::printable(out);
}

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

std::size_t columns_of(std::string_view printable_text) {
    return static_cast<std::size_t>(std::ranges::count_if(printable_text, [](char byte) { return !continues(byte); }));
}

}  // namespace

std::string source_excerpt(std::string_view text, nginx_conf::position where) {
    if (!where.is_known()) return {};
    std::size_t start = 0;
    for (std::uint32_t line = 1; line < where.line; ++line) {
        start = text.find('\n', start);
        if (start == std::string_view::npos) return {};
        ++start;
    }
    auto line = text.substr(start, text.find('\n', start) - start);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto caret = std::min<std::size_t>(where.column - 1, line.size());

    auto from = caret > most_before ? caret - most_before : 0;
    while (from > 0 && from < caret && continues(line[from]))
        ++from;
    auto length = std::min(line.size() - from, most_shown);
    while (from + length < line.size() && continues(line[from + length]))
        --length;
    const auto before = (from > 0 ? "..." : "") + on_one_line(line.substr(from, caret - from));
    const auto after = on_one_line(line.substr(caret, from + length - caret));
    return fmt::format("    {}{}{}\n    {}^\n", before, after, from + length < line.size() ? "..." : "",
                       std::string(columns_of(before), ' '));
}

std::string errors_in_words(const nginx_conf::configuration& read, std::string_view frame) {
    std::string out;
    std::size_t count = 0;
    for (const auto& one : read.messages) {
        if (one.level != nginx_conf::severity::emerg || ++count > most_errors) continue;
        const bool placed = one.where.is_known() && read.files[one.where.file] != frame;
        if (!placed) {
            out += nginx_conf::printable(one.text) + "\n";
            continue;
        }
        out += fmt::format("{}:{}:{}: {}\n{}", nginx_conf::printable(read.files[one.where.file]), one.where.line,
                           one.where.column, nginx_conf::printable(one.text),
                           source_excerpt(read.texts[one.where.file], one.where));
    }
    if (count > most_errors) out += fmt::format("and {} more\n", count - most_errors);
    if (!out.empty()) out.pop_back();
    return out;
}

}  // namespace firstfin::validate
