#pragma once

#include <string>

#include "harness/report/summary.hpp"

namespace firstfin::report {

/// One cell a line under a heading, quoted as in RFC 4180, lines ended by \n. Swept parameters first, then all others,
/// then the counts of the JSON form, then what is the same in every line: scale, seed, resolution, environment.
[[nodiscard]] std::string to_csv(const summary& run);

}  // namespace firstfin::report
