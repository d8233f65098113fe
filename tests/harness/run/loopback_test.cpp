#include <gtest/gtest.h>

#include <set>

#include "harness/run/preflight.hpp"
#include "harness/sandbox/loopback_addresses.hpp"

namespace firstfin::run {
namespace {

experiment::plan plan_of(std::uint32_t cells, std::uint32_t replicates) {
    experiment::plan out;
    out.what.name = "mine";
    out.cells.resize(cells);
    out.what.replicates = replicates;
    out.stages.resize(1);
    return out;
}

std::string refusal_of(const experiment::plan& plan, const host_network& host) {
    try {
        check_loopback({plan}, host);
        return {};
    } catch (const bad_input& refused) {
        return std::string("2: ") + refused.what();
    } catch (const environment_lacks& refused) {
        return std::string("3: ") + refused.what();
    }
}

TEST(Loopback, TwoEntriesATrialMustFitIntoTheHostsTable) {
    EXPECT_EQ(refusal_of(plan_of(10, 100), {2'000, 0}), "");
    const auto refused = refusal_of(plan_of(10, 100), {2'000, 1});
    EXPECT_EQ(refused.substr(0, 2), "3:");
    for (const auto* part : {"1000 trials", "2000 TIME_WAIT", "holds 2000", "(1 are", "tcp_max_tw_buckets=4001"})
        EXPECT_NE(refused.find(part), std::string::npos) << refused;
}

TEST(Loopback, WhatWouldNeedANetworkOfItsOwnIsBadInput) {
    auto sysctls = plan_of(1, 1);
    sysctls.stages[0].client_sysctls = {{"net.ipv4.tcp_fin_timeout", "5"}};
    EXPECT_EQ(refusal_of(sysctls, {100, 0}).substr(0, 2), "2:");
    auto ipv6 = plan_of(1, 1);
    ipv6.stages[0].family = experiment::ip_family::ipv6;
    EXPECT_EQ(refusal_of(ipv6, {100, 0}).substr(0, 2), "2:");
    auto delayed = plan_of(1, 1);
    delayed.stages[0].link_delay = std::chrono::milliseconds(20);
    const auto refused = refusal_of(delayed, {100, 0});
    EXPECT_EQ(refused.substr(0, 2), "2:");
    EXPECT_NE(refused.find("link.delay = 20ms"), std::string::npos) << refused;
}

TEST(Loopback, ThisHostsLimitsAreRead) {
    EXPECT_GT(this_network().time_wait_limit, 0U);
}

TEST(LoopbackAddresses, DifferByPairStayInTheirPartOf127AndWrapAround) {
    using sandbox::loopback_addresses;
    EXPECT_EQ(loopback_addresses(0).server().to_string(), "127.64.0.1");
    EXPECT_EQ(loopback_addresses(0).client(0).to_string(), "127.64.0.2");
    EXPECT_EQ(loopback_addresses(251).client(252).to_string(), "127.65.1.254");
    EXPECT_EQ(loopback_addresses(15'999).server().to_string(), "127.127.249.1");
    EXPECT_EQ(loopback_addresses(16'000).server(), loopback_addresses(0).server());
    EXPECT_THROW((void)loopback_addresses(0).client(253), std::out_of_range);
    std::set<std::string> all;
    for (unsigned pair = 0; pair < loopback_addresses::pairs; ++pair)
        all.insert(loopback_addresses(pair).server().to_string());
    EXPECT_EQ(all.size(), loopback_addresses::pairs);
}

}  // namespace
}  // namespace firstfin::run
