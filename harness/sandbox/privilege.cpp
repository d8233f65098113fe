#include "harness/sandbox/privilege.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fstream>

#include "harness/sandbox/answer_of_child.hpp"
#include "harness/sandbox/child_process.hpp"
#include "harness/sandbox/link.hpp"
#include "harness/sandbox/loopback_addresses.hpp"
#include "harness/sandbox/user_namespace.hpp"

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

constexpr auto container_remedy =
    "in a container, start it with --privileged, or with --cap-add SYS_ADMIN --cap-add NET_ADMIN --security-opt "
    "seccomp=unconfined --security-opt apparmor=unconfined";

/// The same with and without root.
std::optional<std::string> remedy_for_kernel(int error) {
    switch (error) {
        case ENOSPC:
        case EUSERS:
            return "the limit user.max_net_namespaces or user.max_pid_namespaces is reached: raise it with sysctl -w";
        case EOPNOTSUPP:
            return "load the kernel module: modprobe veth";
        case EROFS:
            return "/proc/sys is read-only, as in a container: start it with --privileged, or with --security-opt "
                   "systempaths=unconfined";
        case EINVAL:
        case ENOSYS:
            return "this kernel was built without network or PID namespaces (CONFIG_NET_NS, CONFIG_PID_NS), or is "
                   "older than 5.9";
        default:
            return std::nullopt;
    }
}

std::string remedy(int error) {
    if (error == EPERM || error == EACCES) {
        if (::geteuid() != 0) return "run as root: sudo firstfin ...";
        return fmt::format("root, but without the capabilities: {}", container_remedy);
    }
    return remedy_for_kernel(error).value_or("see the message before");
}

std::optional<std::uint64_t> number_in(const char* file) {
    std::uint64_t number = 0;
    if (std::ifstream in(file); in >> number) return number;
    return std::nullopt;
}

bool has_seccomp_filter() {
    std::ifstream status("/proc/thread-self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("Seccomp:")) return line.ends_with('2');
    return false;
}

/// Tries `act`; the words when it fails at `step`.
template <class Act>
std::optional<std::string> trouble_in(user_namespace_facts facts, user_namespace_facts::step step, Act act) {
    try {
        act();
        return std::nullopt;
    } catch (const boost::system::system_error& error) {
        facts.failed_at = step;
        facts.error = error.code().value();
        return fmt::format("{}. Remedy: {}", error.what(), user_namespace_remedy(facts));
    }
}

}  // namespace

std::optional<std::string> missing_privilege() {
    const auto trouble = answer_of_child("find out whether namespaces can be made", []() -> std::optional<std::string> {
        try {
            build_everything_once();
            return std::nullopt;
        } catch (const boost::system::system_error& error) {
            return fmt::format("{}. Remedy: {}", error.what(), remedy(error.code().value()));
        }
    });
    return trouble ? std::optional("no namespaces: " + *trouble) : std::nullopt;
}

std::optional<std::string> missing_user_namespace() {
    using step = user_namespace_facts::step;
    // Read before the attempt: inside, the limits are those of the new namespace.
    user_namespace_facts facts;
    facts.max_user_namespaces = number_in("/proc/sys/user/max_user_namespaces");
    facts.unprivileged_clone = number_in("/proc/sys/kernel/unprivileged_userns_clone");
    facts.apparmor_restriction = number_in("/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
    facts.seccomp_filter = has_seccomp_filter();
    const auto trouble = answer_of_child("find out whether user namespaces can be made", [&facts] {
        const auto user = user_ids::ours();
        if (auto failed = trouble_in(facts, step::make, [] { detail::make_own_namespaces(); })) return failed;
        if (auto failed = trouble_in(facts, step::map_user, [&] { detail::become_root_inside(user); })) return failed;
        return answer_of_child("build a stage in a user namespace", [&facts] {
            if (auto failed = trouble_in(facts, step::mount_proc, [] { detail::mount_own_proc(); })) return failed;
            return trouble_in(facts, step::build_stage, [] { build_everything_once(); });
        });
    });
    return trouble ? std::optional("no user namespace: " + *trouble) : std::nullopt;
}

std::optional<std::string> missing_loopback() {
    const auto target = loopback_addresses(0).server();
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_port = htons(9);
    there.sin_addr.s_addr = htonl(target.to_v4().to_uint());
    // Connecting a datagram socket sends nothing, but looks for a way.
    const unique_fd socket(check("make a socket", ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)));
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0) return std::nullopt;
    const int error = errno;
    return fmt::format("no loopback: {} cannot be reached: {}. Remedy: bring the interface up: ip link set lo up",
                       target.to_string(),
                       boost::system::error_code(error, boost::system::system_category()).message());
}

std::string user_namespace_remedy(const user_namespace_facts& facts) {
    using step = user_namespace_facts::step;
    const bool refused = facts.error == EPERM || facts.error == EACCES;
    if (facts.failed_at == step::make && (facts.error == ENOSPC || facts.error == EUSERS))
        return facts.max_user_namespaces == 0
                   ? "user namespaces are switched off: sudo sysctl -w user.max_user_namespaces=15000"
                   : "the limit user.max_user_namespaces is reached, or namespaces are nested too deeply: raise it "
                     "with "
                     "sudo sysctl -w";
    if (refused && facts.unprivileged_clone == 0)
        return "user namespaces are for root alone here: sudo sysctl -w kernel.unprivileged_userns_clone=1";
    if (refused && facts.apparmor_restriction == 1)
        return "AppArmor keeps user namespaces from programs it does not know (Ubuntu 24.04): sudo sysctl -w "
               "kernel.apparmor_restrict_unprivileged_userns=0, or a profile that allows userns for firstfin";
    if (facts.error == EACCES && facts.failed_at == step::map_user)
        return "the kernel hides the /proc entries of a program whose file its user cannot read: chmod +r firstfin";
    if (refused && facts.failed_at == step::mount_proc)
        return "parts of /proc are hidden here, as in a container: start it with --security-opt "
               "systempaths=unconfined, or --privileged";
    if (refused && facts.seccomp_filter)
        return fmt::format("a system call filter (seccomp) refuses it: {}", container_remedy);
    if (refused && facts.failed_at == step::make)
        return "user namespaces are refused in a chroot; elsewhere, run as root: sudo firstfin ...";
    if (facts.failed_at == step::make && (facts.error == EINVAL || facts.error == ENOSYS))
        return "this kernel was built without user namespaces (CONFIG_USER_NS): run as root: sudo firstfin ...";
    if (const auto known = remedy_for_kernel(facts.error)) return *known;
    return "run as root: sudo firstfin ...";
}

}  // namespace firstfin::sandbox
