#pragma once

#include <cstdint>

// What a run takes: upper bounds from measured runs. Preflight refuses by them, doctor tells them.

namespace firstfin::run::footprint {

/// Two kernel sockets, the roles' objects and the harness's timeline of one trial: measured 8 to 11 KB.
inline constexpr std::uint64_t bytes_per_trial = 14'000;
inline constexpr std::uint64_t bytes_fixed = 120'000'000;
/// Pipes, timers, epoll, and room for a listener each of a few policies.
inline constexpr std::uint64_t descriptors_fixed = 64;
/// More pairs of processes than that are too many for one machine.
inline constexpr std::uint64_t most_process_pairs = 64;

}  // namespace firstfin::run::footprint
