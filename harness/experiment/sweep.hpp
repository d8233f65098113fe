#pragma once

#include <string>
#include <vector>

#include "core/parse_error.hpp"
#include "harness/experiment/experiment.hpp"

namespace firstfin::experiment {

/// from, from + step, ... up to and including `to`: durations ("100ms"; negative ones for a skew) or whole numbers.
[[nodiscard]] result<std::vector<std::string>> expand_range(const std::string& from, const std::string& to,
                                                            const std::string& step);

/// Every combination of the groups' values, the last group turning fastest; each with what it adds to the base.
[[nodiscard]] std::vector<std::vector<assignment>> combinations(const std::vector<axis_group>& sweep);

}  // namespace firstfin::experiment
