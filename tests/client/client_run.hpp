#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "core/role_protocol.hpp"

// A client order played in this thread, against whatever listens.

namespace firstfin::testing {

using namespace std::chrono_literals;

struct client_run {
    std::vector<role::event> events;
    bool all_over = false;
    time_point ready{};

    [[nodiscard]] std::vector<role::event> of(role::event_kind kind, std::uint64_t trial = 1) const;
    /// The only event of its kind; a failure otherwise.
    [[nodiscard]] role::event only(role::event_kind kind, std::uint64_t trial = 1) const;
    /// Names of all events of a trial in their order, as in "connected request_sent response_received close done".
    [[nodiscard]] std::string names(std::uint64_t trial = 1) const;
    [[nodiscard]] time_point last_byte(std::uint64_t trial = 1) const;
    /// From the last response byte to the client's close.
    [[nodiscard]] duration idle_at_close(std::uint64_t trial = 1) const;
};

[[nodiscard]] role::client_order one_trial(const endpoint& server, const client_policy& policy, const scenario& what);
/// Plays until all trials are over, or `until` says enough, or patience ends; then stops whatever is left.
[[nodiscard]] client_run play(const role::client_order& order,
                              const std::function<bool(const role::event&)>& until = {}, duration patience = 20s);

[[nodiscard]] client_policy closing_after(time_limit idle);
[[nodiscard]] client_policy never_closing();
[[nodiscard]] scenario asking(std::uint32_t requests, duration gap = {});
[[nodiscard]] scenario playing(scenario_kind kind, std::uint32_t requests = 1, duration gap = {});

/// How late a timer may be in a test: the machine is shared, and sanitizers are slow. Never early.
inline constexpr duration tolerance = 250ms;
#define EXPECT_ABOUT(measured, wanted)                                  \
    do {                                                                \
        EXPECT_GE(measured, wanted);                                    \
        EXPECT_LE(measured, (wanted) + ::firstfin::testing::tolerance); \
    } while (false)

}  // namespace firstfin::testing

// So that a failed comparison of durations shows numbers.
namespace std::chrono {
inline void PrintTo(const nanoseconds& value, std::ostream* out) {
    *out << static_cast<double>(value.count()) / 1e6 << " ms";
}
}  // namespace std::chrono
