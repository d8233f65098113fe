#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace firstfin::doctor {

/// Something tried for real, because uid, capabilities, seccomp, AppArmor and kernel modules all have a say.
struct attempt {
    bool tried = false;      ///< false: something before it failed
    int error = 0;           ///< errno; 0: it worked
    std::string words = {};  ///< what failed, and what the system said

    [[nodiscard]] bool worked() const { return tried && error == 0; }
    [[nodiscard]] bool failed() const { return tried && error != 0; }
};

/// The parts of a sandbox, in the order in which they were tried.
struct sandbox_attempts {
    attempt enter;      ///< a network namespace, for users within a user namespace
    attempt sysctl;     ///< tcp_max_tw_buckets set inside
    attempt veth;       ///< two namespaces joined by a cable
    attempt capture;    ///< a packet socket inside
    attempt processes;  ///< a program in a PID namespace with its own /proc
    attempt tun;        ///< /dev/net/tun inside

    [[nodiscard]] bool runs() const { return enter.worked() && sysctl.worked() && veth.worked() && processes.worked(); }
};

/// An external program that may play a side or read what we measure.
struct program {
    std::string name;
    std::string package;  ///< Debian's
    std::string purpose;  ///< what is not possible without it
    std::string path;     ///< empty: not found
    std::string version;  ///< as it says itself
};

/// Everything that the diagnosis rests on. Absent numbers: this kernel does not have the setting.
struct facts {
    std::string kernel;  ///< release, "6.1.0-18-amd64"
    bool root = false;
    int seccomp = 0;        ///< /proc/self/status: 0 none, 1 strict, 2 a filter
    std::string container;  ///< "docker", "podman", ...; empty: none that shows
    std::optional<std::int64_t> unprivileged_userns_clone;
    std::optional<std::int64_t> apparmor_restrict_userns;
    std::optional<std::int64_t> max_user_namespaces;
    sandbox_attempts as_root;
    sandbox_attempts as_user;
    attempt loopback;       ///< a listener on 127.0.0.2
    attempt socket_tables;  ///< sock_diag
    attempt own_programs;   ///< firstfin-server and firstfin-client beside us
    attempt profiles;       ///< experiments/profiles
    bool ipv6 = true;
    std::uint64_t open_files_soft = 0;
    std::uint64_t open_files_hard = 0;
    std::uint64_t memory_available = 0;  ///< bytes
    std::optional<std::int64_t> tw_buckets;
    std::optional<std::pair<std::uint32_t, std::uint32_t>> ports;  ///< ephemeral, first and last
    std::vector<program> programs;
};

/// Tries and reads all of it; takes well under a second, more where programs are slow to tell their version. The
/// process must have one thread.
[[nodiscard]] facts gather_facts();

}  // namespace firstfin::doctor
