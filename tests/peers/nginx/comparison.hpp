#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/witness/segment.hpp"
#include "tests/peers/nginx/answer_reader.hpp"
#include "tests/peers/nginx/conformance_case.hpp"

// What was expected against what was observed, as differences in words. Pure.
namespace firstfin::testing {

/// What the client's end learned at one step; only what its kind of step looks at is set.
struct observed_step {
    time_point done;                 ///< when the step was over
    std::optional<response> answer;  ///< nothing: none came
    std::string left;                ///< for "none": what lay there all the same
    bool late_taken = false;
    std::optional<party> time_wait;  ///< nothing: the tables did not settle
    std::optional<tcp_state> state;  ///< of the server's end
    std::string failure;             ///< the step could not be played
};

struct observed_play {
    std::vector<observed_step> steps;        ///< one for each step
    std::vector<witness::segment> segments;  ///< this connection's, captured at the client's end, in their order
    std::optional<time_point> signalled;
    std::string left;  ///< bytes of the server that no step took
};

/// The first FIN and the first RST of each side, in the capture's order.
struct wire_end {
    end_kind kind{};
    time_point at;
};
[[nodiscard]] std::vector<wire_end> ends_of(const std::vector<witness::segment>& segments);

/// Empty: as expected.
[[nodiscard]] std::vector<std::string> differences(const std::vector<step>& expected, const observed_play& seen,
                                                   const tolerances& allowed);

/// `crowd`: the segments of each connection, in the order in which they were made.
[[nodiscard]] std::vector<std::string> differences(const std::vector<drained>& expected,
                                                   const std::vector<std::vector<witness::segment>>& crowd);

}  // namespace firstfin::testing
