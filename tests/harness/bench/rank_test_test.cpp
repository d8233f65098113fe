#include "harness/bench/rank_test.hpp"

#include <gtest/gtest.h>

namespace firstfin::bench {
namespace {

// Of 3 + 3 values in full order 2 of the 20 ways to divide them are as far apart: 0.1. Of 4 + 4 it is 2 of 70, of 5 + 5
// 2 of 252.
TEST(RankTest, FullOrderHasTheSmallestP) {
    EXPECT_NEAR(rank_test({1, 2, 3}, {4, 5, 6}), 2.0 / 20, 1e-12);
    EXPECT_NEAR(rank_test({1, 2, 3, 4}, {5, 6, 7, 8}), 2.0 / 70, 1e-12);
    EXPECT_NEAR(rank_test({6, 7, 8, 9, 10}, {1, 2, 3, 4, 5}), 2.0 / 252, 1e-12);
}

// Mann and Whitney's own table (1947): of 3 + 4, U = 2 has a one-sided p of 0.114.
TEST(RankTest, AgreesWithThePublishedTable) {
    EXPECT_NEAR(rank_test({1, 2, 5}, {3, 4, 6, 7}), 2 * 0.114, 0.001);  // U = 2
    EXPECT_NEAR(rank_test({1, 2, 4}, {3, 5, 6, 7}), 2 * 0.057, 0.001);  // U = 1
}

TEST(RankTest, EqualSamplesDoNotDiffer) {
    EXPECT_EQ(rank_test({1, 1, 1}, {1, 1, 1}), 1);
    EXPECT_EQ(rank_test({1, 2, 3, 4}, {1, 2, 3, 4}), 1);
    EXPECT_EQ(rank_test({}, {1}), 1);
}

// By hand: {1, 2, 2} and {2, 3, 3}: ranks 1, 3, 3 and 3, 5.5, 5.5. Of the 20 ways to choose three, the rank sum is at
// most 7 in 3 (1 with two of the three 3s) and at least 14 in 3.
TEST(RankTest, TiesShareTheirRanks) {
    EXPECT_NEAR(rank_test({1, 2, 2}, {2, 3, 3}), 6.0 / 20, 1e-12);
}

TEST(RankTest, OrderOfTheSamplesDoesNotMatter) {
    EXPECT_NEAR(rank_test({1, 5, 2}, {3, 4, 9, 7}), rank_test({9, 3, 7, 4}, {2, 1, 5}), 1e-12);
}

}  // namespace
}  // namespace firstfin::bench
