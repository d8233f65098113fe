#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/report/parameter_columns.hpp"
#include "harness/report/summary.hpp"
#include "harness/report/text_options.hpp"

namespace firstfin::report {

/// Two numeric axes worth drawing: the first goes down, the second to the right.
struct heat_map_axes {
    parameter_column down;
    parameter_column across;
};

/// Nothing when a table says more: other axes, or no more cells than a table of 12 x 4 shows well.
[[nodiscard]] std::optional<heat_map_axes> heat_map_axes_of(const std::vector<parameter_column>& columns);

/// The first FIN of every cell as a coloured half block, or as a letter without colour. What is larger than the window
/// is binned: then a block stands for several cells, and the map says for how many.
[[nodiscard]] std::string heat_map(const summary& run, const heat_map_axes& axes, const text_options& options);

}  // namespace firstfin::report
