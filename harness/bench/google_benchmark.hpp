#pragma once

#include <string>

#include "harness/bench/result.hpp"

namespace firstfin::bench {

/// The JSON that Google Benchmark prints with --benchmark_format=json, so that its compare.py reads it: an iteration a
/// repetition that is a measurement, then their mean, median and standard deviation. real_time is the time a request
/// took of the phase (its length by the requests), cpu_time the client's CPU time of it, both in microseconds.
[[nodiscard]] std::string as_google_benchmark(const bench_run& run);

}  // namespace firstfin::bench
