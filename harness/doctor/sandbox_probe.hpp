#pragma once

#include "harness/doctor/facts.hpp"

namespace firstfin::doctor {

enum class who {
    root,  ///< as this process is
    user,  ///< in a user namespace, made without root (by nobody where we are root)
};

/// Builds a small sandbox, part by part, in a forked child, and throws it away.
[[nodiscard]] sandbox_attempts try_sandbox(who as);

}  // namespace firstfin::doctor
