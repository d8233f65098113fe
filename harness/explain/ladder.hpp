#pragma once

#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "harness/explain/message_line.hpp"
#include "harness/verdict/wire_states.hpp"
#include "harness/witness/timeline.hpp"

namespace firstfin::explain {

/// A segment with everything a textbook writes beside it.
struct rung {
    witness::segment segment;
    std::uint32_t seq = 0;             ///< counted from the sender's SYN
    std::optional<std::uint32_t> ack;  ///< counted from the peer's SYN; nothing without the ACK flag
    message_line message;
    side_states after;  ///< derived from the wire
};

/// Something that happened, seen by one witness. The time counts from the first step.
struct step {
    duration at{};
    std::variant<rung, witness::subject_event, witness::state_sample> what;
};

/// A connection from its first to its last moment, all witnesses in order of time.
struct ladder {
    side_states before;
    std::vector<step> steps;
};

/// `messages` belong to the segments, place by place; empty when the capture is not there.
[[nodiscard]] ladder ladder_of(const witness::timeline& seen, std::span<const message_line> messages = {});

}  // namespace firstfin::explain
