#pragma once

#include <optional>
#include <string>

namespace firstfin::sandbox {

/// Nothing when stages can be built here; otherwise what failed and what helps. Found by building a small one in a
/// forked child, because uid, capabilities, seccomp, AppArmor and missing kernel modules all have a say.
[[nodiscard]] std::optional<std::string> missing_privilege();

}  // namespace firstfin::sandbox
