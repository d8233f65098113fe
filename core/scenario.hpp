#pragma once

#include <array>
#include <span>

#include "core/text_value.hpp"

namespace firstfin {

enum class scenario_kind {
    idle,              ///< n requests, then wait until somebody closes
    connection_close,  ///< the last of n requests says Connection: close
    cadence,           ///< a request every `gap`, on the pooled connection while it lasts
    abort,             ///< after n requests, RST
    half_close,        ///< after n requests, FIN while still reading
    raw,               ///< bytes as given, then read until the server closes
};
template <>
inline constexpr std::array names_of<scenario_kind> = {
    enum_name<scenario_kind>{scenario_kind::idle, "idle"},
    enum_name<scenario_kind>{scenario_kind::connection_close, "connection-close"},
    enum_name<scenario_kind>{scenario_kind::cadence, "cadence"},
    enum_name<scenario_kind>{scenario_kind::abort, "abort"},
    enum_name<scenario_kind>{scenario_kind::half_close, "half-close"},
    enum_name<scenario_kind>{scenario_kind::raw, "raw"}};

/// Where an abort strikes.
enum class abort_moment { idle, in_flight };
template <>
inline constexpr std::array names_of<abort_moment> = {enum_name<abort_moment>{abort_moment::idle, "idle"},
                                                      enum_name<abort_moment>{abort_moment::in_flight, "in_flight"}};

/// What the client does in a trial.
struct scenario {
    scenario_kind kind = scenario_kind::idle;
    std::uint32_t requests = 1;  ///< 0: connect and stay silent
    duration gap{};
    duration jitter{};
    std::string method = "GET";
    std::string path = "/";
    abort_moment abort_at = abort_moment::idle;
    std::string raw;

    friend bool operator==(const scenario&, const scenario&) = default;
};

[[nodiscard]] std::span<const field<scenario>> fields_of(const scenario&);
[[nodiscard]] scenario scaled(scenario value, double factor);

}  // namespace firstfin
