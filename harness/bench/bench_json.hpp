#pragma once

#include <string>
#include <string_view>

#include "harness/bench/result.hpp"

namespace firstfin::bench {

inline constexpr int schema = 1;

/// The document that bench.json and `--format json` hold: what was measured, each repetition in full, and each case's
/// medians over the repetitions that are measurements. What cannot be known is null, never 0. bench.schema.json
/// describes it.
[[nodiscard]] std::string to_json(const bench_run& run);

/// The same, read back; the medians are not read. Throws bad_input, with `name`, for any other text.
[[nodiscard]] bench_run from_json(std::string_view text, std::string_view name);

}  // namespace firstfin::bench
