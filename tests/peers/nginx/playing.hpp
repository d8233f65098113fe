#pragma once

#include <vector>

#include "tests/peers/nginx/comparison.hpp"

namespace firstfin::testing {

/// What became of one play: its own connection's observations, and the segments of the crowd before it.
struct played {
    observed_play own;
    std::vector<observed_play> crowd;
};

/// Starts the program under test in a fresh pair of namespaces, plays all plays of the case at the same time with plain
/// sockets, and ends it.
[[nodiscard]] std::vector<played> play_case(const conformance_case& about);

}  // namespace firstfin::testing
