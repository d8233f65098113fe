#include "harness/states/namespace_entry.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <cstring>

#include "core/parse_error.hpp"
#include "harness/sandbox/system_call.hpp"

namespace firstfin::states {

namespace {

bool is_pid(const std::string& text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

sandbox::unique_fd open_namespace(const std::string& path) {
    return sandbox::unique_fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

[[noreturn]] void refused(const std::string& what) {
    throw environment_lacks(fmt::format(
        "no right to enter the network namespace of {}: run it as root: sudo firstfin states --namespace {}", what,
        what));
}

}  // namespace

void enter_network_namespace(const std::string& pid_or_path) {
    const bool pid = is_pid(pid_or_path);
    const auto path = pid ? fmt::format("/proc/{}/ns/net", pid_or_path) : pid_or_path;
    const auto network = open_namespace(path);
    if (!network) {
        const int error = errno;
        if (error == EACCES || error == EPERM) refused(pid_or_path);
        throw bad_input(
            fmt::format("--namespace {}: {}: {}; expected the number of a process, or a path such as "
                        "/run/netns/NAME",
                        pid_or_path, path, std::strerror(error)));
    }
    if (::setns(network.get(), CLONE_NEWNET) == 0) return;
    if (errno == EINVAL) throw bad_input(fmt::format("--namespace {}: {} is no network namespace", pid_or_path, path));
    // A namespace made by a user belongs to that user's own user namespace: inside it they may.
    const auto user = open_namespace(fmt::format("/proc/{}/ns/user", pid_or_path));
    const bool entered =
        pid && user && ::setns(user.get(), CLONE_NEWUSER) == 0 && ::setns(network.get(), CLONE_NEWNET) == 0;
    if (!entered) refused(pid_or_path);
}

}  // namespace firstfin::states
