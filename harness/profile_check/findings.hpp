#pragma once

#include <string>
#include <vector>

#include "harness/profile_check/questions.hpp"
#include "harness/report/summary.hpp"

namespace firstfin::profile_check {

/// One claim of a profile beside what was measured.
struct finding {
    std::string what;      ///< "idle limit"
    std::string claimed;   ///< "115s..125s"
    std::string measured;  ///< "120.1s..121.4s (3 of 3)"
    bool holds = false;
};

/// Beyond what a profile says: how late the machine, the link and the program's own timers may make it.
inline constexpr duration tolerance = std::chrono::milliseconds(250);

/// From a run of questions(). An answer that is missing does not hold.
[[nodiscard]] std::vector<finding> findings(const profile& claimed, const report::summary& run);

}  // namespace firstfin::profile_check
