#pragma once

#include <string>

#include "harness/report/text_options.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/validation.hpp"

// A validation for people and for machines. Whatever comes from a configuration is made harmless on its way out.

namespace firstfin::validate::printing {

/// The table of hops, the findings with their source lines, and what could not be judged.
[[nodiscard]] std::string as_text(const validation& of, const report::text_options& how);

/// Everything. `measured`: a JSON object of what --measure found, or empty.
[[nodiscard]] std::string as_json(const validation& of, const std::string& measured = {});

/// What --why prints: the rule, why it matters, what to do, where it is written.
[[nodiscard]] std::string why_text(const rule& one, std::size_t width);
/// What --rules prints: a line each.
[[nodiscard]] std::string rules_text(std::size_t width);

}  // namespace firstfin::validate::printing
