#pragma once

#include <string>

namespace firstfin::states {

/// Moves this process, which must have one thread, into another network namespace for good: that of a process (its
/// number), or one that a path names (/run/netns/NAME, /proc/PID/ns/net). Of a process in a user namespace of one's own
/// that needs no root. Throws bad_input when there is no such thing, environment_lacks without the right to enter it.
void enter_network_namespace(const std::string& pid_or_path);

}  // namespace firstfin::states
