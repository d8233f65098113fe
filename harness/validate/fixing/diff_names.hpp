#pragma once

#include <string>
#include <vector>

namespace firstfin::validate::fixing {

/// How a diff calls files so that one `patch -p1` finds all of them.
struct diff_names {
    std::vector<std::string> names;  ///< in the order asked for
    std::string folder;              ///< where to apply it: "" is the working folder, else "/"
};

/// As the paths were typed, when all are below the working folder; else all absolute, without the first "/". What a
/// symbolic link leads to is called by its own name: patch does not follow them.
[[nodiscard]] diff_names names_in_diff(const std::vector<std::string>& paths);

}  // namespace firstfin::validate::fixing
