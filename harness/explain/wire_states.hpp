#pragma once

#include <span>
#include <vector>

#include "core/tcp_state.hpp"
#include "harness/witness/segment.hpp"

namespace firstfin::explain {

/// Where RFC 9293's state diagram (figure 5) puts each side once a segment has done what it did.
struct side_states {
    tcp_state client{};
    tcp_state server{};

    [[nodiscard]] tcp_state& of(side one) { return one == side::client ? client : server; }
    [[nodiscard]] tcp_state of(side one) const { return one == side::client ? client : server; }
    friend bool operator==(const side_states&, const side_states&) = default;
};

/// Before the first segment: CLOSED and LISTEN, or, where the capture begins later, ESTABLISHED at both ends.
[[nodiscard]] side_states states_before(std::span<const witness::segment> segments);

/// The states after each segment, derived from the segments alone: nobody asked the kernels. A capture shows when a
/// segment passed, not when the other end took it in; what that end sends next tells. A segment counts as received at
/// once when the receiver's next one acknowledges it, else (they crossed) just before the first that does, and one that
/// nothing acknowledges not at all. TIME_WAIT's own end, 2 MSL later, is not on the wire.
[[nodiscard]] std::vector<side_states> states_after_each(std::span<const witness::segment> segments);

/// The textbook's name: the kernel's CLOSE is CLOSED there.
[[nodiscard]] std::string_view textbook_name(tcp_state state);

}  // namespace firstfin::explain
