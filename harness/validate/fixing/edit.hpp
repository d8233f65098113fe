#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/parse_error.hpp"
#include "harness/validate/fixing/text_lines.hpp"
#include "server/nginx_conf/directive.hpp"

namespace firstfin::validate::fixing {

/// `length` bytes at `offset` become `replacement`. Edits of one text never overlap.
struct edit {
    std::size_t offset = 0;
    std::size_t length = 0;
    std::string replacement;
    friend bool operator==(const edit&, const edit&) = default;
};

/// `edits` in the order of their offsets; those at one offset in the order in which they stand.
[[nodiscard]] std::string with_edits(std::string_view text, std::span<const edit> edits);

/// `edits` as `with_edits` wants them; what is inserted somewhere stands before what is replaced there.
void put_in_order(std::vector<edit>& edits);

/// From the directive's name to its last argument. The gaps between words stay as they are as far as the new directive
/// has words. Words with comments between them are refused: whoever wrote those has to look.
[[nodiscard]] result<edit> replacing(const nginx_conf::directive& old, const std::string& by, std::string_view text,
                                     const text_lines& lines);

/// First in the block: a line of its own, indented as the first statement. In a block whose first statement stands on
/// the line of the "{", it becomes part of that line.
[[nodiscard]] result<edit> inserting(const nginx_conf::directive& block, const std::string& what, std::string_view text,
                                     const text_lines& lines);

}  // namespace firstfin::validate::fixing
