#pragma once

#include "client/splitmix64.hpp"
#include "core/load_protocol.hpp"

namespace firstfin::load {

/// When the requests of an open loop are due: a cursor, so that those that wait for a connection take no memory however
/// many they are. A late one keeps the moment it was meant for; its latency counts from there.
class schedule {
public:
    /// `rate`: requests a second.
    schedule(time_point start, double rate, arrival spacing, std::uint64_t seed);

    [[nodiscard]] time_point next() const { return next_; }
    /// The moment of `next`, which then moves on.
    time_point take();

private:
    time_point start_;
    double mean_gap_;  ///< ns
    arrival spacing_;
    client::splitmix64 draw_;
    std::uint64_t taken_ = 0;
    double elapsed_ = 0;  ///< ns, Poisson: the sum of the gaps
    time_point next_;
};

}  // namespace firstfin::load
