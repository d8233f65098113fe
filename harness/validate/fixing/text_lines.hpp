#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "server/nginx_conf/position.hpp"

namespace firstfin::validate::fixing {

/// Where the lines of a text begin. A line includes its "\n"; only the last may lack it.
class text_lines {
public:
    /// `text` must outlive it.
    explicit text_lines(std::string_view text);

    [[nodiscard]] std::size_t count() const { return starts_.size() - 1; }
    /// Of line `index`, which counts from 0; count() is the end of the text.
    [[nodiscard]] std::size_t start(std::size_t index) const { return starts_[index]; }
    [[nodiscard]] std::string_view line(std::size_t index) const {
        return text_.substr(starts_[index], starts_[index + 1] - starts_[index]);
    }
    /// The line that holds this offset; count() for the end of a text whose last line is ended.
    [[nodiscard]] std::size_t line_at(std::size_t offset) const;
    /// Nothing for a place that is not in the text.
    [[nodiscard]] std::optional<std::size_t> offset_of(nginx_conf::position where) const;

private:
    std::string_view text_;
    std::vector<std::size_t> starts_;  ///< one more than there are lines
};

}  // namespace firstfin::validate::fixing
