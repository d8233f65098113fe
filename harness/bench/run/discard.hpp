#pragma once

#include <string>
#include <vector>

#include "harness/bench/result.hpp"

namespace firstfin::bench {

/// What else may spoil a repetition, as its witnesses saw it.
struct disturbances {
    std::uint64_t time_wait_overflow = 0;  ///< TIME_WAIT entries that the kernel refused
    std::uint64_t capture_lost = 0;        ///< segments
    std::string server_ended = {};         ///< how, when it ended before its time
};

/// Why a repetition is no measurement of its case, each a sentence with the remedy; empty: it is one.
[[nodiscard]] std::vector<std::string> reasons_to_discard(const bench_case& what, std::uint32_t threads,
                                                          const load::report& load, const disturbances& seen);

}  // namespace firstfin::bench
