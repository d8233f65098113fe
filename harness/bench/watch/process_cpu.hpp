#pragma once

#include <sys/types.h>

#include <optional>

#include "core/duration.hpp"

namespace firstfin::bench {

/// CPU time that a process and its living descendants have had since they began, to the nanosecond
/// (/proc/PID/task/TID/schedstat). Nothing when the process is gone, or this kernel does not keep such records.
/// Children that have ended are not in it: servers under test keep theirs.
[[nodiscard]] std::optional<duration> cpu_of_tree(pid_t root);

}  // namespace firstfin::bench
