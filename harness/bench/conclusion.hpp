#pragma once

#include <string>

#include "harness/bench/result.hpp"

namespace firstfin::bench {

/// What of the client's system decides when ports run out.
struct port_figures {
    std::uint32_t ports = 28232;               ///< net.ipv4.ip_local_port_range, both ends included
    std::uint64_t time_wait_buckets = 262144;  ///< net.ipv4.tcp_max_tw_buckets
    /// How long a closed connection keeps its port from the next one to the same address and port: TIME_WAIT, or with
    /// tcp_tw_reuse = 1 its tcp_tw_reuse_delay. 2, the default, means that on loopback, where a URL may be; the
    /// other sides have a link.
    duration held = std::chrono::seconds(60);

    [[nodiscard]] double connections_per_s() const { return ports / seconds_of(held); }
};
/// From the case's sysctls and the run's environment; Linux's defaults where neither says.
[[nodiscard]] port_figures port_figures_of(const bench_run& run, const bench_case& of);

/// What reuse buys here, in a sentence: the best case with reuse against one request a connection, by requests a second
/// or, where the rate is given, by the time that answers take.
[[nodiscard]] std::string what_reuse_buys(const bench_run& run);

/// At which rate of new connections ports or TIME_WAIT run out, and on whose side, in a sentence: by whoever closed
/// first in the case that opened the most.
[[nodiscard]] std::string what_runs_out(const bench_run& run);

}  // namespace firstfin::bench
