#pragma once

#include <vector>

#include "harness/validate/fixing/fix_plan.hpp"
#include "harness/validate/validation.hpp"

// What became of findings once changes were made. A finding is the same as before when its rule is, and its place (as
// far as edits moved it) or one of its hops: which directive decides may change with the very fix.

namespace firstfin::validate::fixing {

/// Findings that nobody ignores.
[[nodiscard]] std::vector<const finding*> heeded(const validation& of);

struct comparison {
    std::size_t gone = 0;               ///< were there before the changes
    std::vector<std::size_t> new_ones;  ///< in `after`: were not, or were taken less seriously
};

[[nodiscard]] comparison compare(const validation& before, const fix_plan& plan, const validation& after);

}  // namespace firstfin::validate::fixing
