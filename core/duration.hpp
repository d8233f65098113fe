#pragma once

#include <algorithm>
#include <boost/system/result.hpp>
#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "core/parse_error.hpp"

namespace firstfin {

using duration = std::chrono::nanoseconds;
/// CLOCK_MONOTONIC: the one clock of all processes of a run.
using steady = std::chrono::steady_clock;
using time_point = steady::time_point;

/// "65s", "300ms", "2m", "1.5s", "1h", "250us"; a bare "0" is the only number without a unit. Never negative.
[[nodiscard]] result<duration> parse_duration(std::string_view text);

/// Canonical: exact ms below one second, else s ("300ms", "0.25ms", "65s", "1.5s", "0s").
[[nodiscard]] std::string to_text(duration value);

[[nodiscard]] inline double seconds_of(duration value) {
    return std::chrono::duration<double>(value).count();
}
[[nodiscard]] duration scaled(duration value, double factor);

/// A time limit that may be absent: "65s" or "never". Never sorts after every duration.
class time_limit {
public:
    constexpr time_limit() = default;
    template <class Rep, class Period>
    constexpr time_limit(std::chrono::duration<Rep, Period> value) : value_(value) {}
    [[nodiscard]] static constexpr time_limit never() { return time_limit{duration::max()}; }

    [[nodiscard]] constexpr bool is_never() const { return value_ == duration::max(); }
    [[nodiscard]] constexpr bool is_zero() const { return value_ == duration::zero(); }
    /// The limit itself; duration::max() when there is none.
    [[nodiscard]] constexpr duration value() const { return value_; }
    [[nodiscard]] time_limit scaled_by(double factor) const { return is_never() ? *this : scaled(value_, factor); }

    friend constexpr auto operator<=>(time_limit, time_limit) = default;

private:
    duration value_{};
};

[[nodiscard]] result<time_limit> parse_time_limit(std::string_view text);
[[nodiscard]] std::string to_text(time_limit value);

/// When a closer may act, seconds after the last activity: "115s..125s", both ends included.
struct time_window {
    duration earliest{};
    duration latest{};

    /// The moment at `share` (0 to 1) of the window.
    [[nodiscard]] duration at(double share) const;
    /// The same lateness after another limit: shifts both ends, but not before the beginning.
    [[nodiscard]] time_window shifted(duration by) const {
        return {std::max(duration::zero(), earliest + by), std::max(duration::zero(), latest + by)};
    }

    friend bool operator==(const time_window&, const time_window&) = default;
};

[[nodiscard]] result<time_window> parse_time_window(std::string_view text);
[[nodiscard]] std::string to_text(const time_window& value);

}  // namespace firstfin
