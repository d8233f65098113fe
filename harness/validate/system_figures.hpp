#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/duration.hpp"

namespace firstfin::validate {

/// net.ipv4.tcp_tw_reuse: which outgoing connections may take the port of one in TIME_WAIT.
enum class port_reuse : std::uint8_t { off = 0, on = 1, loopback = 2 };

/// What of the kernel decides how many connections a machine bears. Defaults are Linux's on a machine of today.
struct system_figures {
    std::uint32_t first_port = 32768;  ///< net.ipv4.ip_local_port_range
    std::uint32_t last_port = 60999;
    std::uint64_t time_wait_buckets = 131072;         ///< net.ipv4.tcp_max_tw_buckets
    port_reuse reuse = port_reuse::loopback;          ///< net.ipv4.tcp_tw_reuse
    duration reuse_delay = std::chrono::seconds(1);   ///< net.ipv4.tcp_tw_reuse_delay, since Linux 6.14
    duration keepalive_time = std::chrono::hours(2);  ///< net.ipv4.tcp_keepalive_time: when probes begin
    duration fin_timeout = std::chrono::seconds(60);  ///< net.ipv4.tcp_fin_timeout: of an orphan in FIN_WAIT_2
    std::string origin = "Linux's defaults";          ///< in words

    /// TCP_TIMEWAIT_LEN: no sysctl changes it.
    static constexpr duration time_wait = std::chrono::seconds(60);

    [[nodiscard]] std::uint32_t ports() const { return last_port - first_port + 1; }
};

/// Takes "net.ipv4.tcp_max_tw_buckets=8192" (with or without "net.ipv4."), or "this-machine", which reads /proc/sys.
/// Throws bad_input with what was expected.
void set_sysctl(system_figures& into, std::string_view text);

/// All of them as files of `folder` say (/proc/sys/net/ipv4); what it lacks keeps Linux's default. Throws
/// environment_lacks when it has none, and forgets what was set before.
void read_sysctls(system_figures& into, const std::filesystem::path& folder);

/// "Linux's defaults: ports 32768-60999, TIME_WAIT 60s, ..." for people.
[[nodiscard]] std::string in_words(const system_figures& of);

}  // namespace firstfin::validate
