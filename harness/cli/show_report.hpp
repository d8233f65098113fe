#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/report/summary.hpp"

namespace firstfin::cli {

/// Prints the run kept in `folder` to standard output. Answers the exit code it deserves: findings when witnesses
/// conflict, a trial is invalid or an expectation is missed.
[[nodiscard]] int show_report(const std::filesystem::path& folder, const std::string& format);

/// The counted runs of these folders.
[[nodiscard]] std::vector<report::summary> summaries_of(const std::vector<std::filesystem::path>& folders);

}  // namespace firstfin::cli
