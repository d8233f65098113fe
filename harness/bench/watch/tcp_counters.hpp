#pragma once

#include <cstdint>

#include "harness/witness/sock_diag_counters.hpp"

namespace firstfin::bench {

/// What a namespace's kernel counted of TCP since the namespace began; of a difference, what happened in between.
struct tcp_counts {
    // /proc/net/snmp, RFC 4022
    std::int64_t segments_in = 0;      ///< InSegs
    std::int64_t segments_out = 0;     ///< OutSegs: without retransmissions
    std::int64_t retransmitted = 0;    ///< RetransSegs
    std::int64_t established = 0;      ///< CurrEstab: connections in ESTABLISHED or CLOSE_WAIT now
    std::int64_t failed_attempts = 0;  ///< AttemptFails
    std::int64_t resets_sent = 0;      ///< OutRsts
    // /proc/net/netstat, TcpExt
    std::int64_t time_waits_begun = 0;    ///< TW: counted as they begin; a FIN_WAIT_2 without owner is one
    std::int64_t time_wait_reused = 0;    ///< TWRecycled: local ports that connect() took out of TIME_WAIT
    std::int64_t time_wait_overflow = 0;  ///< TCPTimeWaitOverflow: TIME_WAITs that should be and are not
    std::int64_t listen_overflows = 0;    ///< ListenOverflows: the accept queue was full
    std::int64_t listen_drops = 0;        ///< ListenDrops: SYNs or handshakes dropped, the overflows among them

    [[nodiscard]] std::int64_t segments_sent() const { return segments_out + retransmitted; }

    friend bool operator==(const tcp_counts&, const tcp_counts&) = default;
};

[[nodiscard]] tcp_counts operator-(const tcp_counts& later, const tcp_counts& earlier);
/// Of two namespaces.
[[nodiscard]] tcp_counts operator+(const tcp_counts& left, const tcp_counts& right);

/// Opened inside the namespace, read from anywhere; a reading takes some 0.15 ms.
class tcp_counters {
public:
    explicit tcp_counters(const sandbox::network_namespace& inside);

    /// Throws when this kernel does not count one of them.
    [[nodiscard]] tcp_counts now() const;

private:
    witness::counter_group tcp_;
    witness::tcp_ext_counters ext_;
};

}  // namespace firstfin::bench
