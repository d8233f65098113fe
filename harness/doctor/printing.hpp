#pragma once

#include <string>

#include "harness/doctor/diagnose.hpp"
#include "harness/report/text_options.hpp"

namespace firstfin::doctor {

/// A line a check; below it what a miss costs and what helps.
[[nodiscard]] std::string to_text(const diagnosis& found, const report::text_options& options);

/// Schema 1: ability, sandbox, and the checks with their members.
[[nodiscard]] std::string to_json(const diagnosis& found);

}  // namespace firstfin::doctor
