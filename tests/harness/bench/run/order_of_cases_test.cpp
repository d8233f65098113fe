#include "harness/bench/run/order_of_cases.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace firstfin::bench {
namespace {

TEST(OrderOfCases, EveryRoundHasEveryCaseOnce) {
    for (std::uint32_t round = 0; round < 20; ++round) {
        auto order = order_of_round(7, round, 3);
        std::ranges::sort(order);
        EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6}));
    }
}

TEST(OrderOfCases, RoundsDifferAndASeedRepeatsThem) {
    EXPECT_EQ(order_of_round(30, 1, 3), order_of_round(30, 1, 3));
    EXPECT_NE(order_of_round(30, 1, 3), order_of_round(30, 2, 3));
    EXPECT_NE(order_of_round(30, 1, 3), order_of_round(30, 1, 4));
}

TEST(OrderOfCases, EveryOrderIsEquallyLikely) {
    std::map<std::vector<std::size_t>, int> seen;
    for (std::uint32_t round = 0; round < 6000; ++round)
        ++seen[order_of_round(3, round, 1)];
    ASSERT_EQ(seen.size(), 6U);
    for (const auto& [order, times] : seen)
        EXPECT_NEAR(times, 1000, 150);
}

}  // namespace
}  // namespace firstfin::bench
