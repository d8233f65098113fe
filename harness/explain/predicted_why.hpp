#pragma once

#include <string>

#include "core/profile.hpp"
#include "harness/store/run_record.hpp"

namespace firstfin::explain {

/// Why the model predicts what it predicts, in a sentence: worked out again from the cell's stored parameters. Empty
/// when they do not give this very cell and prediction any more (a run of another version).
[[nodiscard]] std::string predicted_why(const store::cell_record& cell, double time_scale, const catalogue& profiles);

}  // namespace firstfin::explain
