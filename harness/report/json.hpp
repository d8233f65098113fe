#pragma once

#include <string>

#include "harness/report/summary.hpp"

namespace firstfin::report {

/// Schema 1, documented in README; a cell or expectation a line. `trials` counts what was recorded, invalid trials
/// included; resolution_ms and idle times are null where nothing was measured.
[[nodiscard]] std::string to_json(const summary& run);

/// One trial: its cell's parameters, verdict, evidence, and the timeline merged in order of time. t_s counts from the
/// first entry, t_ns is CLOCK_MONOTONIC. No line break at the end.
[[nodiscard]] std::string to_json_line(const store::trial_record& trial, const store::text_pairs& params);

}  // namespace firstfin::report
