#pragma once

#include <cstdint>

#include "harness/sandbox/network_namespace.hpp"

namespace firstfin::bench {

/// The TCP counters of a namespace (/proc/net/snmp), read from anywhere.
class tcp_counters {
public:
    explicit tcp_counters(const sandbox::network_namespace& inside);

    struct values {
        std::uint64_t out_segments = 0;   ///< OutSegs: sent, retransmissions apart
        std::uint64_t retransmitted = 0;  ///< RetransSegs
    };
    /// Throws environment_lacks when the kernel does not say.
    [[nodiscard]] values now() const;

private:
    sandbox::unique_fd file_;
};

}  // namespace firstfin::bench
