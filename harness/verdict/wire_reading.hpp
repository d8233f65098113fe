#pragma once

#include <optional>
#include <span>
#include <string>

#include "harness/verdict/verdict.hpp"

namespace firstfin {

/// What the segments of one connection say, by sequence and acknowledgment numbers.
struct wire_reading {
    bool handshake = false;         ///< SYN, SYN+ACK and the client's ACK were seen
    party first_fin = party::none;  ///< the FIN that the other FIN acknowledges came first
    std::optional<witness::segment> server_fin;
    std::optional<witness::segment> client_fin;
    std::optional<witness::segment> first_reset;
    bool reset_destroyed_request = false;
    /// The RST came when both FINs were acknowledged: it ended no connection, only perhaps a TIME_WAIT (RFC 1337).
    bool reset_after_close = false;
    std::optional<duration> idle_at_close;  ///< last response byte (or handshake) to the first FIN or RST
    bool last_request_unanswered = false;
    bool last_request_acknowledges_server_fin = false;
    std::string fault;       ///< a hole in the capture; empty: none
    std::string impossible;  ///< acknowledgment numbers that contradict themselves; empty: none

    [[nodiscard]] std::string first_fin_in_words() const;
};

[[nodiscard]] wire_reading read_wire(std::span<const witness::segment> segments);

}  // namespace firstfin
