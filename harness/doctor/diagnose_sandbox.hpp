#pragma once

#include <vector>

#include "harness/doctor/diagnose.hpp"

namespace firstfin::doctor {

/// netns, userns, loopback or none: the first in which experiments run here.
[[nodiscard]] std::string best_sandbox(const facts& of);

/// The checks about namespaces and what goes into them.
[[nodiscard]] std::vector<check> sandbox_checks(const facts& of);

}  // namespace firstfin::doctor
