#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/doctor/facts.hpp"

namespace firstfin::doctor {

/// The external programs of a small table: where they are, and the version each tells itself.
[[nodiscard]] std::vector<program> find_programs();

/// The line of a program's answer that holds its version: the first with a digit.
[[nodiscard]] std::string version_line(std::string_view output);

}  // namespace firstfin::doctor
