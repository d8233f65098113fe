#pragma once

#include <string>

#include "harness/report/summary.hpp"
#include "harness/report/text_options.hpp"

namespace firstfin::report {

/// For a person: a table, or a heat map of two numeric axes; then a sentence, the expectations and what to worry about.
/// No line is wider than `options.width`.
[[nodiscard]] std::string to_text(const summary& run, const text_options& options);

}  // namespace firstfin::report
