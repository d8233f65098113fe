#include "harness/validate/fixing/unified_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace firstfin::validate::fixing {

namespace {

constexpr std::size_t context = 3;

/// Lines [first, last) of the old text become `now`.
struct line_change {
    std::size_t first = 0;
    std::size_t last = 0;
    std::string now;
};

std::vector<line_change> changed_lines(std::string_view text, const text_lines& lines, std::span<const edit> edits) {
    std::vector<line_change> out;
    for (std::size_t i = 0; i < edits.size();) {
        // Edits that touch the same lines belong together.
        const auto first = lines.line_at(edits[i].offset);
        auto last = first;
        auto j = i;
        for (; j < edits.size(); ++j) {
            const auto& one = edits[j];
            if (j != i && lines.line_at(one.offset) >= last && one.offset != lines.start(first)) break;
            const bool whole_lines = one.length == 0 && one.offset == lines.start(lines.line_at(one.offset)) &&
                                     one.replacement.ends_with('\n');
            if (!whole_lines) last = std::max(last, lines.line_at(one.offset + one.length) + 1);
        }
        last = std::min(last, lines.count());
        const auto from = lines.start(first);
        std::vector<edit> inside(edits.begin() + static_cast<std::ptrdiff_t>(i),
                                 edits.begin() + static_cast<std::ptrdiff_t>(j));
        for (auto& one : inside)
            one.offset -= from;
        auto now = with_edits(text.substr(from, lines.start(last) - from), inside);
        if (now != text.substr(from, lines.start(last) - from)) out.push_back({first, last, std::move(now)});
        i = j;
    }
    return out;
}

void add_line(std::string& to, char mark, std::string_view line) {
    to += mark;
    to += line;
    if (!line.ends_with('\n')) to += "\n\\ No newline at end of file\n";
}

/// "12,3"; a range of no lines is named by the line before it.
std::string range(std::size_t first, std::size_t count) {
    if (count == 1) return fmt::format("{}", first + 1);
    return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

/// As git writes names that need it, which patch reads too.
std::string file_name(std::string_view side, const std::string& path) {
    std::string out;
    bool quoted = false;
    for (const char ch : path) {
        const auto byte = static_cast<unsigned char>(ch);
        if (ch == '"' || ch == '\\') {
            out += '\\';
            out += ch;
            quoted = true;
        } else if (byte < 0x20 || byte == 0x7f) {
            out += fmt::format("\\{:03o}", byte);
            quoted = true;
        } else {
            out += ch;
        }
    }
    if (quoted) return fmt::format("\"{}/{}\"", side, out);
    // A tab ends a name that has blanks.
    return fmt::format("{}/{}{}", side, out, out.find(' ') == std::string::npos ? "" : "\t");
}

}  // namespace

std::string unified_diff(const std::string& path, std::string_view text, std::span<const edit> edits) {
    const text_lines lines(text);
    const auto changes = changed_lines(text, lines, edits);
    if (changes.empty()) return {};
    auto out = fmt::format("--- {}\n+++ {}\n", file_name("a", path), file_name("b", path));
    std::ptrdiff_t grown = 0;
    for (std::size_t i = 0; i < changes.size();) {
        auto j = i + 1;
        while (j < changes.size() && changes[j].first <= changes[j - 1].last + 2 * context)
            ++j;
        const auto begin = changes[i].first - std::min(changes[i].first, context);
        const auto end = std::min(changes[j - 1].last + context, lines.count());
        std::string body;
        std::ptrdiff_t growth = 0;
        auto at = begin;
        const auto keep_until = [&](std::size_t stop) {
            for (; at < stop; ++at)
                add_line(body, ' ', lines.line(at));
        };
        for (; i < j; ++i) {
            const auto& one = changes[i];
            keep_until(one.first);
            for (; at < one.last; ++at)
                add_line(body, '-', lines.line(at));
            const text_lines now(one.now);
            for (std::size_t k = 0; k < now.count(); ++k)
                add_line(body, '+', now.line(k));
            growth += static_cast<std::ptrdiff_t>(now.count()) - static_cast<std::ptrdiff_t>(one.last - one.first);
        }
        keep_until(end);
        const auto moved = [](std::size_t number, std::ptrdiff_t by) {
            return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(number) + by);
        };
        out += fmt::format("@@ -{} +{} @@\n{}", range(begin, end - begin),
                           range(moved(begin, grown), moved(end - begin, growth)), body);
        grown += growth;
    }
    return out;
}

}  // namespace firstfin::validate::fixing
