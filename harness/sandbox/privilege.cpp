#include "harness/sandbox/privilege.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>

#include <array>

#include "harness/sandbox/child_process.hpp"
#include "harness/sandbox/fork.hpp"
#include "harness/sandbox/link.hpp"

namespace firstfin::sandbox {

namespace {

void build_everything_once() {
    const auto server = network_namespace::create();
    const auto client = network_namespace::create();
    const veth_pair link(server, client);
    const pid_namespace processes;
    child_options shell;
    shell.program = "/bin/sh";
    shell.arguments = {"-c", ":"};
    shell.network = &server;
    shell.processes = &processes;
    if (const auto status = child_process::start(shell).wait(); !status.success())
        fail(fmt::format("run {} in a sandbox: {}", shell.program, to_text(status)), ECHILD);
}

std::string remedy(int error) {
    switch (error) {
        case EPERM:
        case EACCES:
            if (::geteuid() != 0) return "run as root: sudo firstfin ...";
            return "root, but without the capabilities: in a container, start it with --privileged, or with --cap-add "
                   "SYS_ADMIN "
                   "--cap-add NET_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined";
        case ENOSPC:
        case EUSERS:
            return "the limit user.max_net_namespaces or user.max_pid_namespaces is reached: raise it with sysctl -w";
        case EOPNOTSUPP:
            return "load the kernel module: modprobe veth";
        case EINVAL:
        case ENOSYS:
            return "this kernel was built without network or PID namespaces (CONFIG_NET_NS, CONFIG_PID_NS), or is "
                   "older than 5.9";
        default:
            return "see the message before";
    }
}

}  // namespace

std::optional<std::string> missing_privilege() {
    std::array<int, 2> ends{};
    check("make a pipe", ::pipe2(ends.data(), O_CLOEXEC));
    const unique_fd reading(ends[0]);
    unique_fd writing(ends[1]);
    // More than async-signal-safe calls are fine here: fork_to has made sure that no other thread holds a lock.
    const pid_t probe = fork_to("find out whether namespaces can be made", [&writing] {
        std::string trouble;
        try {
            build_everything_once();
        } catch (const boost::system::system_error& error) {
            trouble = fmt::format("{}. Remedy: {}", error.what(), remedy(error.code().value()));
        }
        [[maybe_unused]] const auto written = ::write(writing.get(), trouble.data(), trouble.size());
        ::_exit(0);
    });
    writing.reset();

    std::string trouble;
    std::array<char, 1024> buffer;
    for (ssize_t size = 0; (size = ::read(reading.get(), buffer.data(), buffer.size())) != 0;) {
        if (size > 0)
            trouble.append(buffer.data(), static_cast<std::size_t>(size));
        else if (errno != EINTR)
            break;
    }
    int word = 0;
    while (::waitpid(probe, &word, 0) < 0 && errno == EINTR) {
    }
    if (const auto status = exit_status_from_wait(word); !status.success())
        trouble = "the attempt to make namespaces ended with " + to_text(status);
    if (trouble.empty()) return std::nullopt;
    return "no namespaces: " + trouble;
}

}  // namespace firstfin::sandbox
