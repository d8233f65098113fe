#pragma once

#include <algorithm>
#include <bitset>
#include <cstdint>

#include "core/duration.hpp"
#include "harness/witness/sock_diag_message.hpp"

namespace firstfin::bench {

/// What the client's sockets hold towards one server, from the rows of its table.
class population_count {
public:
    explicit population_count(const endpoint& server) : server_(without_mapping(server)) {}

    /// Rows of other servers, and what only listens or is bound, are left out. A row told twice counts twice where it
    /// is in TIME_WAIT (a dump is no snapshot), and its port once.
    void add(const witness::socket_row& row) {
        if (row.ends.remote != server_) return;
        if (row.state == tcp_state::time_wait) ++time_waits_;
        ports_.set(row.ends.local.port());
    }

    [[nodiscard]] std::uint64_t time_waits() const { return time_waits_; }
    /// Distinct local ports, whatever the state: a client with several addresses may hold one more than once.
    [[nodiscard]] std::uint64_t ports() const { return ports_.count(); }

private:
    endpoint server_;
    std::uint64_t time_waits_ = 0;
    std::bitset<1 << 16> ports_;
};

/// How long to wait after a sample that took this much of a CPU: sampling is to take a fiftieth of one at most.
[[nodiscard]] inline duration pause_after(duration cost, duration interval) {
    constexpr int share = 50;
    return std::max(interval, cost * share);
}

}  // namespace firstfin::bench
