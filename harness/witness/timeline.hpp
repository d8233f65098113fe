#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/endpoint.hpp"
#include "core/role_protocol.hpp"
#include "harness/witness/segment.hpp"

namespace firstfin::witness {

/// What a subject said of itself, without the parts that only the join needs.
struct subject_event {
    time_point at;
    side from{};
    role::event_kind kind{};
    bool says_close = false;
    bool pending_fin = false;
    std::optional<role::close_reason> reason;
    std::optional<tcp_state> state_before;
    std::uint32_t request = 0;
    std::uint32_t status = 0;
    std::uint32_t unread = 0;
    std::optional<duration> lateness;
};

/// What a kernel's socket table answered when asked for this connection; no state: nothing there.
struct state_sample {
    time_point at;
    side of{};
    std::optional<tcp_state> state;
};

/// Everything the witnesses of one trial saw, on the monotonic clock. Each witness keeps its own list in its own order;
/// nobody's list is derived from another's. A verdict must be recomputable from this alone, years later.
struct timeline {
    four_tuple tuple;
    bool wire_watched = true;  ///< false: this sandbox has no capture
    std::vector<segment> segments;
    std::vector<subject_event> events;
    std::vector<state_sample> samples;
    std::vector<std::string> faults;  ///< why the instrument cannot vouch for this trial
};

}  // namespace firstfin::witness
