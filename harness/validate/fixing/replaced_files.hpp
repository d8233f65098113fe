#pragma once

#include <span>
#include <string>
#include <vector>

// Files get new contents as a whole or not at all: what reads them at any moment sees the old text or the new one.

namespace firstfin::validate::fixing {

struct new_text {
    std::string path;
    std::string before;  ///< what it must still hold
    std::string after;
};

struct replaced {
    std::vector<std::string> written;  ///< paths, in order
    std::string failure;               ///< why the others were left as they are; empty: all were written

    [[nodiscard]] bool complete() const { return failure.empty(); }
};

/// Writes all texts beside their files first, and then renames them into place; only a failure to rename (or somebody
/// who writes to a file at that very moment) leaves some written and some not. Symbolic links stay and are followed;
/// mode, owner and extended attributes (ACLs) stay. Refused, with nothing written: a file that holds something else by
/// now, may not be written to, is no regular file, or has other hard links, which would keep the old text.
[[nodiscard]] replaced replace_files(std::span<const new_text> all);

}  // namespace firstfin::validate::fixing
