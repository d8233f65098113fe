#pragma once

#include <vector>

namespace firstfin::bench {

/// Mann and Whitney's test: how likely two samples differ as much as these, or more, when both come from one
/// distribution; two-sided. Exact, by every way to divide the ranks, also with ties (they share their ranks' mean).
/// 1 when either is empty. Expects at most a few hundred values.
[[nodiscard]] double rank_test(const std::vector<double>& one, const std::vector<double>& other);

}  // namespace firstfin::bench
