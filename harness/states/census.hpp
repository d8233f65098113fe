#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/tcp_state.hpp"

namespace firstfin::states {

/// One socket as far as counting needs it.
struct counted_socket {
    tcp_state state{};
    bool mini = false;           ///< lives on without its owner, as TIME_WAIT does; FIN_WAIT_2 too once it is orphaned
    std::uint32_t expires_ms{};  ///< of a mini socket: until the kernel drops it
    std::uint16_t local_port = 0;
    std::uint16_t remote_port = 0;
};

/// How long the mini sockets of a state still live. The median of an even number is the middle between two.
struct time_left {
    std::chrono::milliseconds min{};
    std::chrono::milliseconds median{};
    std::chrono::milliseconds max{};

    friend bool operator==(const time_left&, const time_left&) = default;
};

struct state_line {
    tcp_state state{};
    std::size_t sockets = 0;
    std::size_t server_side = 0;  ///< local port is the port asked for
    std::size_t client_side = 0;  ///< remote port is
    std::size_t orphans = 0;      ///< FIN_WAIT_2 without owner: bounded by tcp_fin_timeout, where an owned one is not
    std::optional<time_left> left;

    friend bool operator==(const state_line&, const state_line&) = default;
};

struct census {
    std::optional<std::uint16_t> port;  ///< only sockets with this port at either end
    std::vector<state_line> lines;      ///< most sockets first; states without sockets are not there
    std::size_t total = 0;
    std::size_t server_side = 0;
    std::size_t client_side = 0;
};

/// Counts as it goes: of most sockets nothing is kept, of mini sockets four bytes.
class census_taker {
public:
    explicit census_taker(std::optional<std::uint16_t> port) : port_(port) {}
    void add(const counted_socket& one);
    [[nodiscard]] census result();

private:
    std::optional<std::uint16_t> port_;
    std::array<state_line, tcp_state_count> lines_{};
    std::array<std::vector<std::uint32_t>, tcp_state_count> expiries_;
};

}  // namespace firstfin::states
