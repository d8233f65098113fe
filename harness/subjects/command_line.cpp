#include "harness/subjects/command_line.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace firstfin::subjects {

namespace {

constexpr std::string_view blanks = " \t\r\n";

bool keeps_its_meaning_in_quotes(char escaped) {
    return std::string_view(R"("\$`)").find(escaped) != std::string_view::npos;
}

/// One word at a time, from the left.
class splitter {
public:
    explicit splitter(std::string_view line) : rest_(line) {}

    result<std::vector<std::string>> words() {
        std::vector<std::string> out;
        while (skip_blanks()) {
            std::string word;
            while (!rest_.empty() && blanks.find(rest_.front()) == std::string_view::npos)
                if (const auto failed = read_part(word); !failed.message.empty()) return failed;
            out.push_back(std::move(word));
        }
        return out;
    }

private:
    bool skip_blanks() {
        while (!rest_.empty()) {
            if (rest_.starts_with("\\\n"))
                rest_.remove_prefix(2);
            else if (blanks.find(rest_.front()) != std::string_view::npos)
                rest_.remove_prefix(1);
            else
                return true;
        }
        return false;
    }

    char take() {
        const char out = rest_.front();
        rest_.remove_prefix(1);
        return out;
    }

    /// A character, an escape or a quoted part. An error without text: none.
    parse_error read_part(std::string& word) {
        const char first = take();
        if (first == '\'') return read_single_quoted(word);
        if (first == '"') return read_double_quoted(word);
        if (first != '\\') {
            word += first;
            return {};
        }
        if (rest_.empty()) return parse_error("the command ends in a lone backslash");
        if (const char kept = take(); kept != '\n') word += kept;
        return {};
    }

    parse_error read_single_quoted(std::string& word) {
        const auto end = rest_.find('\'');
        if (end == std::string_view::npos) return parse_error("a ' in the command is never closed");
        word += rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return {};
    }

    parse_error read_double_quoted(std::string& word) {
        while (!rest_.empty()) {
            const char next = take();
            if (next == '"') return {};
            if (next != '\\' || rest_.empty()) {
                word += next;
                continue;
            }
            const char escaped = take();
            if (escaped == '\n') continue;
            if (!keeps_its_meaning_in_quotes(escaped)) word += '\\';
            word += escaped;
        }
        return parse_error("a \" in the command is never closed");
    }

    std::string_view rest_;
};

/// Of "{name}..." the name, of anything else nothing.
std::string_view name_at(std::string_view text) {
    if (!text.starts_with('{')) return {};
    const auto end =
        std::ranges::find_if_not(text.substr(1), [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); });
    if (end == text.end() || *end != '}') return {};
    return {text.begin() + 1, end};
}

}  // namespace

result<std::vector<std::string>> split_command(std::string_view line) {
    return splitter(line).words();
}

result<std::string> filled(std::string_view text, const placeholders& values) {
    std::string out;
    while (!text.empty()) {
        const auto literal = name_at(text.substr(1));
        if (text.starts_with("{{") && !literal.empty() && text.substr(literal.size() + 3).starts_with('}')) {
            out += fmt::format("{{{}}}", literal);
            text.remove_prefix(literal.size() + 4);
            continue;
        }
        const auto name = name_at(text);
        if (name.empty()) {
            out += text.front();
            text.remove_prefix(1);
            continue;
        }
        const auto found = values.find(name);
        if (found == values.end()) {
            std::vector<std::string> known;
            for (const auto& value : values)
                known.push_back(fmt::format("{{{}}}", value.first));
            return parse_error(
                fmt::format("nothing is known to put in place of {{{0}}}; there are {1}; {{{{{0}}}}} is the "
                            "text itself",
                            name, fmt::join(known, " ")));
        }
        out += found->second;
        text.remove_prefix(name.size() + 2);
    }
    return result<std::string>(boost::system::in_place_value, std::move(out));
}

result<std::vector<std::string>> command_words(std::string_view line, const placeholders& values) {
    auto words = split_command(line);
    if (!words) return words;
    if (words->empty() || words->front().empty())
        return parse_error("the command is empty: a program and its arguments are expected");
    for (auto& word : *words) {
        auto full = filled(word, values);
        if (!full) return full.error();
        word = std::move(*full);
    }
    return words;
}

}  // namespace firstfin::subjects
