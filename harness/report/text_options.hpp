#pragma once

#include <cstddef>

namespace firstfin::report {

struct text_options {
    std::size_t width = 80;
    std::size_t height = 0;  ///< lines of the window; 0: no window, any number
    bool colour = false;
};

/// For output to a descriptor: the window's size on a terminal, else COLUMNS or 80. Colour only on a terminal, and not
/// with NO_COLOR (no-color.org) or TERM=dumb.
[[nodiscard]] text_options text_options_for(int descriptor);

}  // namespace firstfin::report
