#include "harness/doctor/diagnose_sandbox.hpp"

#include <fmt/format.h>

#include <cerrno>

#include "harness/sandbox/privilege.hpp"

namespace firstfin::doctor {

namespace {

constexpr auto container_remedy =
    "start the container with --privileged, or with --cap-add SYS_ADMIN --cap-add NET_ADMIN --cap-add NET_RAW "
    "--security-opt seccomp=unconfined --security-opt apparmor=unconfined";

bool is_refusal(int error) {
    return error == EPERM || error == EACCES || error == EROFS;
}

std::string where(const facts& of) {
    return of.container.empty() ? std::string{} : fmt::format(" (in a {} container)", of.container);
}

std::string missing_module(int error, std::string_view module, std::string_view option) {
    return error == EOPNOTSUPP || error == ENODEV || error == ENOENT || error == EAFNOSUPPORT || error == ENOSYS
               ? fmt::format("load the module on the host: modprobe {} (or a kernel built with {})", module, option)
               : std::string{};
}

std::string root_remedy(const facts& of) {
    const int error = of.as_root.enter.error;
    if (error == ENOSPC || error == EUSERS) return "raise the limit: sysctl -w user.max_net_namespaces=1000";
    if (error == EINVAL || error == ENOSYS) return "use a kernel built with CONFIG_NET_NS";
    if (!of.root) return "run it as root: sudo firstfin ..., or see user namespaces below";
    return of.container.empty() && of.seccomp == 0
               ? "root, but without the capability CAP_SYS_ADMIN: run it from a login of root, or allow it in the unit "
                 "(CapabilityBoundingSet)"
               : container_remedy;
}

std::string user_remedy(const facts& of) {
    sandbox::user_namespace_facts seen;
    seen.error = of.as_user.enter.error;
    const auto number = [](const std::optional<std::int64_t>& value) {
        return value ? std::optional(static_cast<std::uint64_t>(*value)) : std::nullopt;
    };
    seen.max_user_namespaces = number(of.max_user_namespaces);
    seen.unprivileged_clone = number(of.unprivileged_userns_clone);
    seen.apparmor_restriction = number(of.apparmor_restrict_userns);
    seen.seccomp_filter = of.seccomp != 0 || !of.container.empty();
    return sandbox::user_namespace_remedy(seen);
}

check root_namespaces(const facts& of) {
    check out{.name = "network namespaces as root"};
    if (of.as_root.enter.worked()) {
        out.found = "can be made";
        return out;
    }
    out.status = status::missing;
    out.found = of.as_root.enter.words + where(of);
    out.cost = "no sandbox netns";
    out.remedy = root_remedy(of);
    out.optional = of.as_user.runs();  // the sandbox userns does the same
    return out;
}

check user_namespaces(const facts& of) {
    check out{.name = "user namespaces without root"};
    if (of.as_user.enter.worked()) {
        out.found = "can be made";
        return out;
    }
    out.status = status::missing;
    out.found = of.as_user.enter.words + where(of);
    out.cost = "no sandbox userns: users without root are left with loopback";
    out.remedy = user_remedy(of);
    out.optional = of.as_root.runs();
    return out;
}

/// A part of the sandbox, by the words for its three fates.
check part(std::string name, const attempt& tried, const facts& of, std::string works, std::string cost,
           std::string remedy) {
    check out{.name = std::move(name)};
    if (tried.worked()) {
        out.found = std::move(works);
        return out;
    }
    out.status = status::missing;
    out.found = tried.tried ? tried.words + where(of) : "not tried: there is no namespace to try it in";
    out.cost = std::move(cost);
    const bool by_container = tried.failed() && is_refusal(tried.error) && !of.container.empty();
    out.remedy = !tried.tried ? "see namespaces above" : by_container ? container_remedy : std::move(remedy);
    return out;
}

std::string tun_remedy(const facts& of, const attempt& tried) {
    if (tried.error == EACCES) return "let users open it: sudo chmod 666 /dev/net/tun";
    if (!of.container.empty()) return "give it to the container: --device /dev/net/tun, with --cap-add NET_ADMIN";
    const auto module = missing_module(tried.error, "tun", "CONFIG_TUN");
    return module.empty() ? "see the message" : module;
}

std::string or_else(std::string text, std::string_view otherwise) {
    return text.empty() ? std::string(otherwise) : text;
}

}  // namespace

std::string best_sandbox(const facts& of) {
    if (of.as_root.runs()) return "netns";
    if (of.as_user.runs()) return "userns";
    return of.loopback.worked() && of.socket_tables.worked() ? "loopback" : "none";
}

std::vector<check> sandbox_checks(const facts& of) {
    const auto& best = of.as_root.runs() || (of.as_root.enter.worked() && !of.as_user.runs()) ? of.as_root : of.as_user;
    std::vector<check> out{root_namespaces(of), user_namespaces(of)};
    out.push_back(part("sysctls inside a namespace", best.sysctl, of, "tcp_max_tw_buckets can be set",
                       "no sandbox of namespaces: a TIME_WAIT table that fills up would forge verdicts",
                       "/proc/sys must be writable: remount it (mount -o remount,rw /proc/sys)"));
    out.push_back(part("virtual cable (veth)", best.veth, of, "joins two namespaces",
                       "no sandbox of namespaces: client and server have no link",
                       or_else(missing_module(best.veth.error, "veth", "CONFIG_VETH"), "see the message")));
    out.push_back(part("PID namespace with its own /proc", best.processes, of, "a program ran in one",
                       "no sandbox of namespaces: what a subject forks could outlive the run",
                       "the /proc of this system must not be masked, and the kernel built with CONFIG_PID_NS"));
    out.push_back(part("packet capture", best.capture, of, "a packet socket opens in a namespace",
                       "no witness on the wire: verdicts rest on socket tables and on what the programs say",
                       or_else(missing_module(best.capture.error, "af_packet", "CONFIG_PACKET"),
                               "the capability CAP_NET_RAW is needed inside the namespace")));
    out.push_back(part("/dev/net/tun", best.tun, of, "opens in a namespace", "no links with delay, jitter or loss",
                       tun_remedy(of, best.tun)));
    return out;
}

}  // namespace firstfin::doctor
