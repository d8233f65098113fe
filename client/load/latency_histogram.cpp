#include "client/load/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace firstfin::load {

// Values below 2^7 have a bin each. From there on, each doubling has 2^7 bins, by the 7 bits behind the leading one.
std::size_t latency_histogram::bin_of(std::uint64_t value) {
    if (value < (1U << fraction_bits)) return value;
    const auto exponent = static_cast<unsigned>(std::bit_width(value)) - 1 - fraction_bits;
    if (exponent > value_bits - fraction_bits - 1) return bins - 1;
    return (std::size_t{exponent} << fraction_bits) + (value >> exponent);
}

duration latency_histogram::middle_of(std::size_t bin) {
    if (bin < (2U << fraction_bits)) return duration(static_cast<std::int64_t>(bin));
    const auto exponent = (bin >> fraction_bits) - 1;
    const auto lowest = (bin - (exponent << fraction_bits)) << exponent;
    return duration(static_cast<std::int64_t>(lowest + ((std::size_t{1} << exponent) >> 1U)));
}

void latency_histogram::add(duration value) {
    value = std::max(value, duration::zero());
    ++counts_[bin_of(static_cast<std::uint64_t>(value.count()))];
    ++count_;
    max_ = std::max(max_, value);
}

void latency_histogram::add(const latency_histogram& other) {
    for (std::size_t i = 0; i < bins; ++i)
        counts_[i] += other.counts_[i];
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
}

duration latency_histogram::at(double share) const {
    if (count_ == 0) return {};
    const auto wanted =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < bins; ++i) {
        seen += counts_[i];
        if (seen >= wanted) return std::min(middle_of(i), max_);
    }
    return max_;
}

}  // namespace firstfin::load
