#include "harness/validate/fixing/edit.hpp"

#include <algorithm>

#include "harness/validate/fixing/raw_words.hpp"

namespace firstfin::validate::fixing {

namespace {

constexpr std::string_view blanks = " \t";

/// The blanks a line begins with, when nothing but blanks stands before `offset`.
std::optional<std::string> indentation_of(std::size_t offset, std::string_view text, const text_lines& lines) {
    const auto start = lines.start(lines.line_at(offset));
    const auto before = text.substr(start, offset - start);
    if (before.find_first_not_of(blanks) != std::string_view::npos) return std::nullopt;
    return std::string(before);
}

std::string leading_blanks(std::string_view line) {
    return std::string(line.substr(0, std::min(line.find_first_not_of(blanks), line.size())));
}

/// How far this file indents a block: as its first indented line that is no comment.
std::string unit_of(const text_lines& lines) {
    for (std::size_t i = 0; i < lines.count(); ++i) {
        const auto line = lines.line(i);
        const auto blank = leading_blanks(line);
        if (blank.empty() || blank.size() == line.size() || line.find_first_of("#\r\n") == blank.size()) continue;
        return blank.starts_with('\t') ? "\t" : blank;
    }
    return "    ";
}

}  // namespace

std::string with_edits(std::string_view text, std::span<const edit> edits) {
    std::string out;
    std::size_t at = 0;
    for (const auto& one : edits) {
        out += text.substr(at, one.offset - at);
        out += one.replacement;
        at = one.offset + one.length;
    }
    out += text.substr(at);
    return out;
}

void put_in_order(std::vector<edit>& edits) {
    std::ranges::stable_sort(edits, {}, [](const edit& one) { return std::pair(one.offset, one.length != 0); });
}

result<edit> replacing(const nginx_conf::directive& old, const std::string& by, std::string_view text,
                       const text_lines& lines) {
    const auto begin = lines.offset_of(old.name.where);
    const auto end = lines.offset_of(old.head_end);
    if (!begin || !end || old.has_block) return parse_error("it is no plain directive");
    const auto was = words_between(text, *begin, *end);
    if (was.has_comment) return parse_error("there are comments between its arguments");
    // Only after an error of syntax could they differ.
    if (was.words.size() != old.arguments.size() + 1) return parse_error("its words cannot be told apart");

    const auto now = words_between(by, 0, by.size());
    std::string replacement;
    for (std::size_t i = 0; i < now.words.size(); ++i) {
        if (i != 0 && i < was.words.size()) {
            const auto gap = was.words[i - 1].end;
            replacement += text.substr(gap, was.words[i].begin - gap);
        } else if (i != 0) {
            replacement += ' ';
        }
        replacement += by.substr(now.words[i].begin, now.words[i].end - now.words[i].begin);
    }
    return edit{*begin, was.words.back().end - *begin, replacement};
}

result<edit> inserting(const nginx_conf::directive& block, const std::string& what, std::string_view text,
                       const text_lines& lines) {
    const auto brace = lines.offset_of(block.head_end);
    if (!brace || !block.has_block || !block.lua.empty()) return parse_error("there is no block of directives");
    const auto line = lines.line_at(*brace);
    const auto next = std::min(text.find_first_not_of(" \t\r", *brace + 1), text.size());

    // { server 1; }   {server 1;}   { }   {}
    if (next < text.size() && text[next] != '\n' && text[next] != '#') {
        if (text[next] != '}') return edit{next, 0, what + "; "};
        return edit{*brace + 1, next - *brace - 1, ' ' + what + "; "};
    }

    const auto line_end = lines.start(line + 1);
    const std::string_view line_break = line_end >= 2 && text[line_end - 2] == '\r' ? "\r\n" : "\n";
    auto indent = leading_blanks(lines.line(line)) + unit_of(lines);
    if (!block.block.empty() && block.block.front().name.where.file == block.name.where.file)
        if (const auto first = lines.offset_of(block.block.front().name.where))
            indent = indentation_of(*first, text, lines).value_or(indent);
    return edit{line_end, 0, indent + what + ';' + std::string(line_break)};
}

}  // namespace firstfin::validate::fixing
