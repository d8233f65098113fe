#pragma once

#include <string>

#include "harness/bench/result.hpp"

namespace firstfin::cli {

/// Prints a benchmark to standard output: text, json, csv, markdown, or google (Google Benchmark's JSON). Answers the
/// exit code it deserves: findings when a repetition was discarded.
[[nodiscard]] int show_bench(const bench::bench_run& run, const std::string& format);

}  // namespace firstfin::cli
