#pragma once

#include <cstdint>
#include <optional>

#include "core/tcp_state.hpp"

namespace firstfin {

/// What the kernel says of a socket just before its owner acts. Asked before the act: after shutdown() the answer hides
/// which side was first.
struct socket_moment {
    std::optional<tcp_state> state;
    std::uint32_t unread = 0;

    [[nodiscard]] bool pending_fin() const { return state == tcp_state::close_wait; }
};

/// The state alone, for half the system calls.
[[nodiscard]] std::optional<tcp_state> state_of(int socket);

/// TCP_INFO and FIONREAD of `socket`; no state when the kernel no longer answers.
[[nodiscard]] socket_moment moment_of(int socket);

}  // namespace firstfin
