#pragma once

#include <span>
#include <string>
#include <string_view>

#include "harness/validate/fixing/edit.hpp"

namespace firstfin::validate::fixing {

/// As `diff -u` writes it, with three lines of context, for `patch -p1` and `git apply`. Bytes of the text stay as
/// they are: it is for files and pipes, not for a terminal. Empty without edits that change something.
[[nodiscard]] std::string unified_diff(const std::string& path, std::string_view text, std::span<const edit> edits);

}  // namespace firstfin::validate::fixing
