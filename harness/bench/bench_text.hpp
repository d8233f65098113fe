#pragma once

#include <cstddef>
#include <string>

#include "harness/bench/result.hpp"

namespace firstfin::bench {

/// The benchmark for people: tables, what went wrong, and two sentences of what it means. No line of a table is wider
/// than asked.
[[nodiscard]] std::string as_text(const bench_run& run, std::size_t width);

}  // namespace firstfin::bench
