#include "client/load/latency_histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "client/splitmix64.hpp"

namespace firstfin::load {
namespace {

using namespace std::chrono_literals;

TEST(LatencyHistogram, HasNothingToSayOfNothing) {
    const latency_histogram none;
    EXPECT_EQ(none.count(), 0U);
    EXPECT_EQ(none.at(0.99), duration::zero());
    EXPECT_EQ(none.max(), duration::zero());
}

// A single value comes back within 0.4 %, over the whole range.
TEST(LatencyHistogram, EveryValueComesBackWithinHalfABin) {
    for (double value = 1; value < 4e12; value *= 1.0137) {
        latency_histogram one;
        const auto put = duration(static_cast<std::int64_t>(value));
        one.add(put);
        one.add(1h);  // so that the largest value is another one
        const auto got = static_cast<double>(one.at(put < 1h ? 0.5 : 1).count());
        if (put < 1h) {
            EXPECT_NEAR(got, static_cast<double>(put.count()), 0.004 * value) << put.count();
        }
    }
}

TEST(LatencyHistogram, PercentilesAreThoseOfTheSortedValues) {
    client::splitmix64 draw(7);
    latency_histogram counted;
    std::vector<std::int64_t> exact;
    for (int i = 0; i < 100'000; ++i) {
        const auto value = static_cast<std::int64_t>(1e4 * std::exp(8 * draw.share()));  // 10 us to 30 ms
        exact.push_back(value);
        counted.add(duration(value));
    }
    std::ranges::sort(exact);
    for (const double share : {0.0001, 0.5, 0.9, 0.99, 0.999, 0.9999}) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * 100'000)) - 1;
        const auto want = static_cast<double>(exact[rank]);
        EXPECT_NEAR(static_cast<double>(counted.at(share).count()), want, 0.01 * want) << share;
    }
    EXPECT_EQ(counted.max().count(), exact.back());
    EXPECT_EQ(counted.at(1), counted.max());
}

TEST(LatencyHistogram, TwoAddUp) {
    latency_histogram a;
    latency_histogram b;
    a.add(1ms);
    b.add(3ms);
    b.add(5ms);
    a.add(b);
    EXPECT_EQ(a.count(), 3U);
    EXPECT_NEAR(static_cast<double>(a.at(0.5).count()), 3e6, 3e4);
    EXPECT_EQ(a.max(), 5ms);
}

TEST(LatencyHistogram, WhatLastsLongerThanItsRangeIsItsEndAndTheMaximumIsExact) {
    latency_histogram one;
    one.add(48h);
    one.add(-1ns);
    EXPECT_EQ(one.count(), 2U);
    EXPECT_EQ(one.max(), 48h);
    EXPECT_GT(one.at(1), 1h);
    EXPECT_EQ(one.at(0.5), duration::zero());
}

}  // namespace
}  // namespace firstfin::load
