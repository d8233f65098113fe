#include "server/nginx_conf/statement_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "server/nginx_conf/lua_block.hpp"

namespace firstfin::nginx_conf {

namespace {

constexpr std::size_t buffer_size = 4096;  // NGX_CONF_BUFFER

constexpr bool is_space(char ch) {
    return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

std::string unescaped(std::string_view raw) {
    std::string out;
    out.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '\\' && i + 1 < raw.size()) {
            switch (raw[i + 1]) {
                case '"':
                case '\'':
                case '\\':
                    out += raw[++i];
                    continue;
                case 't':
                    out += '\t', ++i;
                    continue;
                case 'r':
                    out += '\r', ++i;
                    continue;
                case 'n':
                    out += '\n', ++i;
                    continue;
                default:
                    break;
            }
        }
        out += raw[i];
    }
    return out;
}

}  // namespace

position statement_reader::here(std::size_t offset) const {
    return {file_, line_, static_cast<std::uint32_t>(offset - line_start_ + 1)};
}

void statement_reader::take_word(std::vector<word>& words, std::size_t end) {
    words.push_back({unescaped(text_.substr(start_, end - start_)), word_start_});
}

// Moves the window as nginx refills its buffer; false when the word does not fit into it.
bool statement_reader::refill() {
    if (at_ - start_ >= buffer_size) return false;
    window_end_ = std::min(start_ + buffer_size, text_.size());
    return true;
}

statement_end statement_reader::stop() {
    gave_up_ = true;
    at_ = window_end_ = text_.size();
    end_ = here(at_);
    return statement_end::file_end;
}

statement_end statement_reader::next(std::vector<word>& words) {
    words.clear();
    bool need_space = false;
    bool between_words = true;
    bool comment = false;
    bool variable = false;
    bool escaped = false;
    char quote = '\0';
    start_ = at_;
    word_start_ = here(at_);

    for (;;) {
        if (at_ == window_end_) {
            if (at_ == text_.size()) {
                end_ = here(at_);
                if (words.empty() && between_words) return statement_end::file_end;
                const auto& from = between_words ? words.front().where : word_start_;
                complain_(from, line_,
                          quote != '\0'
                              ? fmt::format("unexpected end of file, expecting \";\" or \"}}\": the {} here has no end",
                                            quote)
                              : "unexpected end of file, expecting \";\" or \"}\"");
                return stop();
            }
            if (!refill()) {
                complain_(word_start_, word_start_.line,
                          quote != '\0'
                              ? fmt::format("too long parameter, probably missing terminating \"{}\" character", quote)
                              : fmt::format("too long parameter \"{}...\" started", text_.substr(start_, 10)));
                return stop();
            }
        }
        const char ch = text_[at_++];
        if (ch == '\n') {
            ++line_;
            line_start_ = at_;
            comment = false;
        }
        if (comment) continue;
        if (escaped) {
            escaped = false;
            continue;
        }
        const auto ends_statement = [&](statement_end how) {
            end_ = here(at_ - 1);
            return how;
        };

        if (need_space) {
            if (is_space(ch)) {
                between_words = true;
                need_space = false;
                continue;
            }
            if (ch == ';') return ends_statement(statement_end::semicolon);
            if (ch == '{') return ends_statement(statement_end::block_start);
            // if ($a = "b"): the bracket may follow at once. After anything else we go on as if a blank were there.
            if (ch != ')') complain_(here(at_ - 1), line_, fmt::format("unexpected \"{}\"", ch));
            between_words = true;
            need_space = false;
        }

        if (between_words) {
            start_ = at_ - 1;
            word_start_ = here(at_ - 1);
            if (is_space(ch)) continue;
            switch (ch) {
                case ';':
                    if (!words.empty()) return ends_statement(statement_end::semicolon);
                    complain_(here(at_ - 1), line_, "unexpected \";\"");
                    continue;
                case '{':
                    if (words.empty()) complain_(here(at_ - 1), line_, "unexpected \"{\"");
                    return ends_statement(statement_end::block_start);
                case '}':
                    if (words.empty()) return ends_statement(statement_end::block_end);
                    complain_(here(at_ - 1), line_, "unexpected \"}\"");
                    // As if the ";" had not been forgotten; the brace is read again.
                    --at_;
                    end_ = here(at_);
                    return statement_end::semicolon;
                case '#':
                    comment = true;
                    if (comment_) comment_(here(at_ - 1), text_.substr(at_ - 1, text_.find('\n', at_) - (at_ - 1)));
                    continue;
                case '\\':
                    escaped = true;
                    break;
                case '"':
                case '\'':
                    quote = ch;
                    ++start_;
                    break;
                case '$':
                    variable = true;
                    break;
                default:
                    break;
            }
            between_words = false;
            continue;
        }

        if (ch == '{' && variable) continue;
        variable = false;
        if (ch == '\\') {
            escaped = true;
            continue;
        }
        if (ch == '$') {
            variable = true;
            continue;
        }
        if (quote != '\0') {
            if (ch != quote) continue;
            quote = '\0';
            need_space = true;
        } else if (is_space(ch) || ch == ';' || ch == '{') {
            between_words = true;
        } else {
            continue;
        }
        take_word(words, at_ - 1);
        if (need_space) continue;
        if (ch == ';') return ends_statement(statement_end::semicolon);
        if (ch == '{') return ends_statement(statement_end::block_start);
    }
}

void statement_reader::count_lines(std::size_t from, std::size_t to) {
    for (auto i = from; i < to; ++i)
        if (text_[i] == '\n') {
            ++line_;
            line_start_ = i + 1;
        }
}

bool statement_reader::skip_lua(std::string& body) {
    const auto length = lua_block_length(text_.substr(at_));
    const auto open = end_;
    if (!length) {
        count_lines(at_, text_.size());
        complain_(open, line_, "unexpected end of file, expecting \"}\": the Lua block that begins here has no end");
        stop();
        return false;
    }
    body = text_.substr(at_, *length);
    count_lines(at_, at_ + *length);
    at_ += *length;
    end_ = here(at_);
    ++at_;
    start_ = at_;
    window_end_ = std::min(at_ + buffer_size, text_.size());
    return true;
}

}  // namespace firstfin::nginx_conf
