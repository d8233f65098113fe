#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "server/nginx_conf/directive.hpp"

namespace firstfin::nginx_conf {

enum class statement_end : std::uint8_t { semicolon, block_start, block_end, file_end };

/// Takes one file apart into statements by the very rules of nginx (ngx_conf_file.c:ngx_conf_read_token), its quirks
/// included: a quote counts only at the beginning of a word, "${" opens no block, a word (or a comment line!) of 4096
/// bytes is too long. Unlike nginx it goes on after an error where it can.
class statement_reader {
public:
    using complaint = std::function<void(position where, std::uint32_t nginx_line, std::string text)>;

    /// `text` must outlive the reader.
    statement_reader(std::string_view text, std::uint32_t file, complaint complain)
        : text_(text), file_(file), complain_(std::move(complain)) {}

    /// Calls `take` with every comment, from its "#" to the end of its line. nginx drops them, and so does next().
    void on_comment(std::function<void(position where, std::string_view text)> take) { comment_ = std::move(take); }

    /// The words up to the next ";", "{", "}" or the end. Words are empty for a stray "{", which was complained about.
    statement_end next(std::vector<word>& words);

    /// Of the character that ended the last statement.
    [[nodiscard]] position end() const { return end_; }
    /// The text could not be followed to its end: what is missing was complained about already.
    [[nodiscard]] bool gave_up() const { return gave_up_; }

    /// After a "{": everything up to the "}" that closes it by Lua's rules (strings, long brackets and comments may
    /// hold braces); end() is that brace. False when there is none.
    bool skip_lua(std::string& body);

private:
    [[nodiscard]] position here(std::size_t offset) const;
    void take_word(std::vector<word>& words, std::size_t end);
    bool refill();
    void count_lines(std::size_t from, std::size_t to);
    statement_end stop();

    std::string_view text_;
    std::uint32_t file_;
    complaint complain_;
    std::function<void(position, std::string_view)> comment_;
    std::size_t at_ = 0;
    std::size_t window_end_ = 0;  ///< nginx reads through a buffer of 4096 bytes; this is where it ends
    std::size_t start_ = 0;       ///< what nginx must keep in its buffer: from the beginning of the word
    std::uint32_t line_ = 1;
    std::size_t line_start_ = 0;
    position word_start_;
    position end_;
    bool gave_up_ = false;
};

}  // namespace firstfin::nginx_conf
