#pragma once

#include <array>
#include <cstdint>

#include "core/duration.hpp"

namespace firstfin::load {

/// Latencies counted in bins whose width is a 128th of their value, as in HdrHistogram: whatever is read back is off by
/// less than 0.4 %, and 36 KB hold any number of them, from a nanosecond to an hour and a quarter. Longer ones count as
/// that.
class latency_histogram {
public:
    void add(duration value);
    void add(const latency_histogram& other);

    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// The smallest value that at least this share (0 to 1) of all values do not exceed, by the middle of its bin. Zero
    /// when there are none.
    [[nodiscard]] duration at(double share) const;
    /// Exact.
    [[nodiscard]] duration max() const { return max_; }

private:
    static constexpr unsigned fraction_bits = 7;
    static constexpr unsigned value_bits = 42;  // of nanoseconds
    static constexpr std::size_t bins = (value_bits - fraction_bits + 1) << fraction_bits;

    [[nodiscard]] static std::size_t bin_of(std::uint64_t value);
    [[nodiscard]] static duration middle_of(std::size_t bin);

    std::array<std::uint64_t, bins> counts_{};
    std::uint64_t count_ = 0;
    duration max_{};
};

}  // namespace firstfin::load
