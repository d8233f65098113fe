#pragma once

#include <vector>

#include "harness/doctor/facts.hpp"

namespace firstfin::doctor {

/// The external programs that can play a side, and tshark: where they are, and the version each tells itself. Adapters
/// that come from the same packages are one program here.
[[nodiscard]] std::vector<program> find_programs();

}  // namespace firstfin::doctor
