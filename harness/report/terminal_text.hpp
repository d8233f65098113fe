#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Text for a terminal: what a stranger wrote never commands it, and lines end where the window does.

namespace firstfin::report {

/// Control characters, bidirectional marks and bytes that are no UTF-8 become visible (\x1b, \u202e); line breaks and
/// tabs become spaces.
[[nodiscard]] std::string shown(std::string_view text);

/// Columns that `text` takes; wide characters (CJK) take two. Expects shown text.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// Lines of at most `width` columns, broken after spaces and, in longer words, after one of `also_after`, else
/// anywhere.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width,
                                               std::string_view also_after = ".,=/_-");

/// `wrapped` as a block, each line ended; the lines after the first are indented.
[[nodiscard]] std::string paragraph(std::string_view text, std::size_t width, std::size_t indent = 0);

/// "10,000".
[[nodiscard]] std::string grouped(std::uint64_t number);

}  // namespace firstfin::report
