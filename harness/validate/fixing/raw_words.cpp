#include "harness/validate/fixing/raw_words.hpp"

#include <algorithm>

namespace firstfin::validate::fixing {

namespace {

constexpr bool is_space(char ch) {
    return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

std::size_t end_of_word(std::string_view text, std::size_t at, std::size_t end) {
    const char quote = text[at] == '"' || text[at] == '\'' ? text[at] : '\0';
    if (quote != '\0') ++at;
    for (; at < end; ++at) {
        if (text[at] == '\\')
            ++at;
        else if (quote != '\0' ? text[at] == quote : is_space(text[at]))
            return quote != '\0' ? at + 1 : at;
    }
    return end;
}

}  // namespace

raw_words words_between(std::string_view text, std::size_t begin, std::size_t end) {
    raw_words out;
    bool comment_since = false;
    for (auto at = begin; at < end;) {
        if (is_space(text[at])) {
            ++at;
        } else if (text[at] == '#') {
            at = std::min(text.find('\n', at), end);
            comment_since = true;
        } else {
            const auto stop = end_of_word(text, at, end);
            out.words.push_back({at, stop});
            out.has_comment = out.has_comment || comment_since;
            at = stop;
        }
    }
    return out;
}

}  // namespace firstfin::validate::fixing
