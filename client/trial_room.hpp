#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "client/handshake_gate.hpp"
#include "core/deadlines.hpp"
#include "core/role_protocol.hpp"

namespace firstfin::client {

using event_sink = std::function<void(const role::event&)>;

/// What all trials of one process share. Outlives them.
struct trial_room {
    boost::asio::io_context& loop;
    deadlines timers;
    handshake_gate gate;
    role::client_order order;
    std::string host;  ///< the Host field; empty: the server's address and port
    event_sink tell;
    std::function<void(std::size_t place)> on_over;  ///< the trial at `place` in the order holds no connection any more
    std::uint64_t connections = 0;                   ///< numbers given so far
};

}  // namespace firstfin::client
