#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/duration.hpp"

namespace firstfin::validate {

/// What the operator says of the traffic. What is not said is not guessed: the rules that need it are not judged.
struct workload {
    std::optional<double> rate;                          ///< requests a second on every hop
    std::map<std::string, double, std::less<>> rates{};  ///< by listen address, server_name, upstream or host:port
    duration latency = std::chrono::milliseconds(100);   ///< a request takes this long
    std::optional<std::uint64_t> connections{};          ///< clients connected at a time
    std::optional<double> reloads_per_hour{};
    std::optional<std::uint64_t> workers{};  ///< where the configuration says `worker_processes auto`
};

}  // namespace firstfin::validate
