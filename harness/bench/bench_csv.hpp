#pragma once

#include <string>

#include "harness/bench/result.hpp"

namespace firstfin::bench {

/// A line a repetition, with a heading (RFC 4180). What cannot be known is empty.
[[nodiscard]] std::string as_csv(const bench_run& run);

}  // namespace firstfin::bench
