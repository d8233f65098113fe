#pragma once

#include <linux/inet_diag.h>
#include <linux/netlink.h>

#include <chrono>
#include <cstdint>

#include "core/endpoint.hpp"
#include "core/tcp_state.hpp"

namespace firstfin::witness {

/// A connection as seen from one of its ends.
struct connection_ends {
    endpoint local;
    endpoint remote;

    friend bool operator==(const connection_ends&, const connection_ends&) = default;
};

enum class socket_timer : std::uint8_t {
    none,
    retransmit,
    keepalive,
    time_wait,
    window_probe
};  // idiag_timer's numbers

/// A line of a kernel's socket table. Rows of TIME_WAIT, and of a FIN_WAIT_2 whose owner is gone, carry inode 0 and no
/// owner: the full socket is no more, they are found by address pair alone.
struct socket_row {
    tcp_state state;
    connection_ends ends;  // v4-mapped addresses are shown as what they are
    socket_timer timer;
    std::chrono::milliseconds expires;  // until the timer fires; how long a TIME_WAIT will still be there
    std::uint32_t inode;
    std::uint32_t uid;
    std::uint32_t rqueue;
    std::uint32_t wqueue;
};

/// One request on the wire. No padding, so an array of them is a batch.
struct diag_request {
    nlmsghdr header;
    inet_diag_req_v2 body;
};
static_assert(sizeof(diag_request) == NLMSG_LENGTH(sizeof(inet_diag_req_v2)) &&
              sizeof(diag_request) % NLMSG_ALIGNTO == 0);

/// Asks for exactly this connection. Throws std::invalid_argument when the ends are of different families.
[[nodiscard]] diag_request exact_request(const connection_ends& ends, std::uint32_t sequence);

/// Asks for every socket of AF_INET or AF_INET6 in one of `states` (bits by number); a port of 0 means any.
[[nodiscard]] diag_request dump_request(std::uint8_t family, std::uint32_t states, std::uint16_t local_port,
                                        std::uint16_t remote_port, std::uint32_t sequence);

[[nodiscard]] socket_row row_from(const inet_diag_msg& message);

}  // namespace firstfin::witness
