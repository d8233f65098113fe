#pragma once

#include <array>
#include <vector>

#include "client/load/latency_histogram.hpp"
#include "core/load_protocol.hpp"

namespace firstfin::load {

/// The moments of one request.
struct sample {
    time_point intended;  ///< closed loop: when it was sent
    time_point sent;
    time_point answered;
};

/// What one thread counted in the measured phase.
struct tally {
    std::uint64_t requests = 0;
    std::uint64_t opened = 0;
    std::uint64_t unsent = 0;
    std::uint64_t bytes = 0;
    std::array<std::uint64_t, names_of<failure>.size()> failures{};
    closes first;
    std::uint64_t open_at_end = 0;
    latency_histogram latency;
    latency_histogram send_delay;
    std::vector<sample> samples;  ///< empty unless they were asked for

    void fail(failure why, std::uint64_t times = 1) { failures[static_cast<std::size_t>(why)] += times; }
    void add(const tally& other);
};

/// The tally in the words of the protocol, but for the phase and the CPU time.
[[nodiscard]] report report_of(const tally& all);

}  // namespace firstfin::load
