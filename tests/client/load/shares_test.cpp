#include "client/load/shares.hpp"

#include <gtest/gtest.h>

namespace firstfin::load {
namespace {

order of(std::uint32_t connections, std::uint32_t threads, std::optional<double> rate = {}) {
    order out;
    out.connections = connections;
    out.threads = threads;
    out.rate = rate;
    return out;
}

TEST(Shares, AddUpToTheOrder) {
    const auto shares = shares_of(of(10, 4, 1000));
    ASSERT_EQ(shares.size(), 4U);
    std::uint32_t connections = 0;
    double rate = 0;
    for (const auto& each : shares) {
        EXPECT_GE(each.connections, 2U);
        EXPECT_LE(each.connections, 3U);
        connections += each.connections;
        rate += *each.rate;
    }
    EXPECT_EQ(connections, 10U);
    EXPECT_DOUBLE_EQ(rate, 1000);
}

TEST(Shares, NoThreadWithoutAConnection) {
    EXPECT_EQ(shares_of(of(2, 8)).size(), 2U);
    EXPECT_FALSE(shares_of(of(2, 8)).front().rate);
}

TEST(Shares, ImpossibleOrdersAreNamed) {
    EXPECT_EQ(why_impossible(order()), "");
    EXPECT_NE(why_impossible(of(0, 1)), "");
    EXPECT_NE(why_impossible(of(1, 0)), "");
    EXPECT_NE(why_impossible(of(1, 1, 0)), "");
    auto other = order();
    other.pipelining = 0;
    EXPECT_NE(why_impossible(other), "");
    other = order();
    other.measured = {};
    EXPECT_NE(why_impossible(other), "");
    other = order();
    other.patience = {};
    EXPECT_NE(why_impossible(other), "");
}

}  // namespace
}  // namespace firstfin::load
