#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/report/summary.hpp"

// What distinguishes the cells of a run: the swept parameters, in the experiment's order.

namespace firstfin::report {

/// A parameter that differs between cells.
struct parameter_column {
    std::string name;
    std::vector<std::string> values;     ///< distinct; ascending when numeric, else in sweep order
    std::vector<std::uint32_t> of_cell;  ///< for each cell, the place of its value
    bool numeric = false;                ///< every value is a duration (or "never"), or every value is a number

    [[nodiscard]] const std::string& text(std::size_t cell) const { return values[of_cell[cell]]; }
};

/// The declared axes first, then as many further parameters as it takes to tell the cells apart: an axis such as skew
/// is no parameter itself, and a profile changes many at once.
[[nodiscard]] std::vector<parameter_column> distinguishing_columns(const summary& run);

/// `columns` without those whose value follows from an earlier one (zipped axes).
[[nodiscard]] std::vector<parameter_column> independent_columns(std::vector<parameter_column> columns);

/// The names of all parameters of all cells: `columns` first, then the rest by name.
[[nodiscard]] std::vector<std::string> all_parameter_names(const summary& run,
                                                           const std::vector<parameter_column>& columns);

}  // namespace firstfin::report
