#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "harness/report/text_options.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/validation.hpp"

// A validation for people and for machines. Whatever comes from a configuration is made harmless on its way out.

namespace firstfin::validate::printing {

/// The table of hops, the findings with their source lines, and what could not be judged. No line but a
/// place (file:line:column: severity [rule]) is wider than the window, down to 33 columns.
[[nodiscard]] std::string as_text(const validation& of, const report::text_options& how);

/// Everything; validation.schema.json describes it. `measured`: a JSON object of what --measure found, or empty.
[[nodiscard]] std::string as_json(const validation& of, const std::string& measured = {});

// For programs that show findings beside the lines of files: names of files below `folder`, an absolute path, are
// relative to it.

/// SARIF 2.1.0: findings with regions, suppressions of what is ignored, and the safe fixes.
[[nodiscard]] std::string as_sarif(const validation& of, const std::filesystem::path& folder,
                                   std::span<const rule> rules = all_rules());
/// A test case a rule and place; a rule without findings is one that passes, or is skipped when it was not judged.
/// Findings from `fail_on` on are failures; nothing: none is.
[[nodiscard]] std::string as_junit(const validation& of, std::optional<severity> fail_on,
                                   const std::filesystem::path& folder, std::span<const rule> rules = all_rules());
/// Workflow commands of GitHub Actions (::error ...), for findings that nobody ignores.
[[nodiscard]] std::string as_github(const validation& of, const std::filesystem::path& folder);

/// What --why prints: the rule, why it matters, what to do, where it is written.
[[nodiscard]] std::string why_text(const rule& one, std::size_t width);
/// What --rules prints: a line each.
[[nodiscard]] std::string rules_text(std::size_t width, std::span<const rule> rules = all_rules());
/// The same for programs, with all that --why says.
[[nodiscard]] std::string rules_json(std::span<const rule> rules = all_rules());

}  // namespace firstfin::validate::printing
