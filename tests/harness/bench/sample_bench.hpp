#pragma once

#include "harness/bench/result.hpp"

namespace firstfin::bench {

/// A repetition that answered so many requests in a second.
[[nodiscard]] repetition answering(std::uint64_t requests, std::uint32_t round);

/// A case of builtin with so many requests a connection, a round for each rate.
[[nodiscard]] case_result case_of(count_limit each, const std::vector<std::uint64_t>& rates);

/// Two cases, three rounds, with every field set: a discarded repetition, errors, a URL, unknown numbers.
[[nodiscard]] bench_run sample_bench();

}  // namespace firstfin::bench
