#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "harness/witness/timeline.hpp"

// When a trial's evidence is complete. Pure, so that the waiting can be tested with injected time.

namespace firstfin::run {

/// Where one trial stands between "both ends have closed" (or its deadline) and its verdict.
struct settling {
    time_point since;                ///< both ends reported their close, or the deadline passed
    bool at_deadline = false;        ///< observed long enough: what is there now is the result
    std::optional<duration> follow;  ///< ask until TIME_WAIT and FIN_WAIT_2 are gone too, for at most this long
    std::uint32_t asked = 0;         ///< how often both tables were asked
    bool tables_settled = false;     ///< the last answers were no transient states
};

/// Tables are asked at once, then 1, 10 and 100 ms later and every 100 ms while a state is transient.
[[nodiscard]] time_point next_question(const settling& one);

/// A state that will change by itself within a round trip: to be asked again.
[[nodiscard]] bool is_transient(std::optional<tcp_state> state);
/// A state that only its own kernel timer ends, and what leads there: worth following to its end.
[[nodiscard]] bool runs_out(std::optional<tcp_state> state);
/// Adds an answer to `samples`. Of a state that stays, the first and the last answer are kept.
void add_answer(std::vector<witness::state_sample>& samples, const witness::state_sample& answer);

/// The segments show how it ended: both FINs acknowledged, or a RST.
[[nodiscard]] bool wire_is_complete(std::span<const witness::segment> segments);

enum class readiness {
    wait,
    ready,
    ready_without_wire,  ///< the wire never showed the end that both sides report: the capture missed it
};
[[nodiscard]] readiness readiness_of(const settling& one, const witness::timeline& seen, time_point now);

}  // namespace firstfin::run
