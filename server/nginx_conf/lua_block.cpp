#include "server/nginx_conf/lua_block.hpp"

#include <string>

namespace firstfin::nginx_conf {

namespace {

constexpr auto nowhere = std::string_view::npos;

/// Of "[[" or "[==[" at `at`: the closing bracket that belongs to it; empty when no long bracket begins there.
std::string closing_bracket(std::string_view text, std::size_t at) {
    auto level = at + 1;
    while (level < text.size() && text[level] == '=')
        ++level;
    if (text[at] != '[' || level >= text.size() || text[level] != '[') return {};
    return "]" + std::string(level - at - 1, '=') + "]";
}

/// After what begins at `at` and may hold braces: a string, a long bracket, a comment. `at` itself when nothing does.
std::size_t after_opaque(std::string_view text, std::size_t at) {
    const auto ch = text[at];
    if (ch == '"' || ch == '\'') {
        for (auto i = at + 1; i < text.size(); ++i) {
            if (text[i] == '\\')
                ++i;
            else if (text[i] == ch)
                return i + 1;
        }
        return nowhere;
    }
    const bool comment = text.substr(at, 2) == "--";
    const auto bracket = comment ? at + 2 : at;
    if (bracket < text.size()) {
        const auto closing = closing_bracket(text, bracket);
        if (!closing.empty()) {
            const auto end = text.find(closing, bracket + closing.size());
            return end == nowhere ? nowhere : end + closing.size();
        }
    }
    return comment ? text.find('\n', at) : at;
}

}  // namespace

std::optional<std::size_t> lua_block_length(std::string_view text) {
    std::size_t depth = 1;
    for (std::size_t i = 0; i < text.size();) {
        const auto after = after_opaque(text, i);
        if (after == nowhere) return std::nullopt;
        if (after != i) {
            i = after;
            continue;
        }
        if (text[i] == '{') ++depth;
        if (text[i] == '}' && --depth == 0) return i;
        ++i;
    }
    return std::nullopt;
}

}  // namespace firstfin::nginx_conf
