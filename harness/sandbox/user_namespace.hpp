#pragma once

#include <sys/types.h>

#include <optional>

#include "harness/sandbox/exit_status.hpp"

// Root without being root. Namespaces can be entered and left again only by a process whose own network and PID
// namespaces belong to its user namespace, so a user namespace alone is not enough: the program goes on in a child that
// lives in fresh ones of all kinds.

namespace firstfin::sandbox {

struct user_ids {
    uid_t user;
    gid_t group;
    [[nodiscard]] static user_ids ours();
};

/// Like fork. In the child: nothing, and it is root of user, network, PID and mount namespaces of its own, with a /proc
/// to match; files it writes belong to the user all the same, and terminal, streams and folder are the caller's. In the
/// caller, once the child has ended: how. Meanwhile SIGINT, SIGTERM, SIGHUP and SIGQUIT sent to the caller reach the
/// child; when the caller dies in any way, so does everything inside. The caller should then end: those signals stay
/// blocked, and it lives in the new network itself.
///
/// Throws boost::system::system_error, in either process, when the kernel refuses (missing_user_namespace says why);
/// and when this process has threads already.
[[nodiscard]] std::optional<exit_status> continue_in_user_namespace();

/// Ends this process as the other one ended, by the same exit code or signal, and at once: what it holds is a copy of
/// what the other one had, and has taken down.
[[noreturn]] void end_like(const exit_status& other);

namespace detail {
// The steps of the way in, for whoever wants to know where it fails.
void make_own_namespaces();
void become_root_inside(const user_ids& outside);
/// In a child made after the first step: the process that asked for a PID namespace does not live in it.
void mount_own_proc();
}  // namespace detail

}  // namespace firstfin::sandbox
