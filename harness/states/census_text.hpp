#pragma once

#include <chrono>
#include <string>

#include "harness/report/text_options.hpp"
#include "harness/states/census.hpp"

namespace firstfin::states {

/// A table: a line a state, most sockets first, and a total. No line is wider than `options.width`.
[[nodiscard]] std::string to_text(const census& counted, const report::text_options& options);

/// One object on a line, documented in README; `at` is the wall clock, in UTC.
[[nodiscard]] std::string to_json(const census& counted, std::chrono::system_clock::time_point at);

/// "2026-11-22T14:00:00Z"
[[nodiscard]] std::string moment_text(std::chrono::system_clock::time_point at);

}  // namespace firstfin::states
