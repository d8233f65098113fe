#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "harness/store/run_record.hpp"

// Facts of one connection that a textbook names, read from its timeline. Empty: the timeline does not hold it.

namespace firstfin::measure {

/// "SYN 0x002, SYN+ACK 0x012, ACK 0x010": the flags field of the first three segments.
[[nodiscard]] std::string opening_segments(const witness::timeline& seen);
/// "number + 1" when each acknowledgment number of the handshake is the other's sequence number plus one.
[[nodiscard]] std::string opening_numbers(const witness::timeline& seen);
/// "CLOSED, SYN_SENT, ESTABLISHED": where the segments put this side (RFC 9293 figure 5), up to ESTABLISHED.
[[nodiscard]] std::string opening_states(const witness::timeline& seen, side of);
/// The same from what follows ESTABLISHED.
[[nodiscard]] std::string closing_states(const witness::timeline& seen, side of);
/// What the kernel's table of this side answered last; "gone" when it had no such connection.
[[nodiscard]] std::string last_in_table(const witness::timeline& seen, side of);
/// "close" or "keep-alive": the last response's Connection header as its sender and its reader tell it.
[[nodiscard]] std::string response_says(const witness::timeline& seen);

/// From the first FIN to the end, RSTs not counted; 0 without a FIN.
[[nodiscard]] std::size_t segments_of_closing(const witness::timeline& seen);
[[nodiscard]] double count_handshakes(const witness::timeline& seen);
[[nodiscard]] double count_segments(const witness::timeline& seen);
/// IP headers included, the link's not.
[[nodiscard]] double count_bytes(const witness::timeline& seen);

/// From the first table answer that says `state` to the first that no longer does, on either side; nothing when the
/// tables were not followed that far.
[[nodiscard]] std::optional<duration> time_in_table(const witness::timeline& seen, tcp_state state);

/// "LISTEN 1, TIME_WAIT 2", over all stages.
[[nodiscard]] std::string sockets_by_state(std::span<const store::state_count_record> counts, side of);

}  // namespace firstfin::measure
