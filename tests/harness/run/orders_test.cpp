#include "harness/run/orders.hpp"

#include <gtest/gtest.h>

#include "harness/run/lateness.hpp"
#include "harness/run/preflight.hpp"
#include "harness/run/progress.hpp"

namespace firstfin::run {
namespace {

using namespace std::chrono_literals;

const address server_address = boost::asio::ip::make_address("10.64.0.1");

std::vector<address> addresses(unsigned count) {
    std::vector<address> out;
    for (unsigned number = 0; number < count; ++number)
        out.push_back(boost::asio::ip::address_v4(0x0a400002U + number));
    return out;
}

std::vector<assigned_trial> trials_of(const experiment::cell& cell, std::uint64_t count) {
    std::vector<assigned_trial> out;
    for (std::uint64_t key = 0; key < count; ++key)
        out.push_back({key, &cell, experiment::draw(1, cell.id, static_cast<std::uint32_t>(key))});
    return out;
}

TEST(Orders, EqualPoliciesShareAListener) {
    experiment::cell one;
    experiment::cell two;
    two.scaled.server.keepalive_timeout = 1s;
    auto trials = trials_of(one, 3);
    trials.push_back({3, &two, {}});
    const auto servers = assign_servers(trials, server_address);
    EXPECT_EQ(servers.order.listeners.size(), 2U);
    EXPECT_EQ(servers.listener_of_trial, (std::vector<std::uint32_t>{0, 0, 0, 1}));
}

TEST(Orders, AServersWindowIsDrawnForEachTrial) {
    experiment::cell cell;
    cell.id = "window";
    cell.scaled.server.keepalive_timeout = 5s;
    cell.scaled.server.close_window = time_window{5s, 7s};
    const auto servers = assign_servers(trials_of(cell, 20), server_address);
    EXPECT_EQ(servers.order.listeners.size(), 20U);
    for (const auto& each : servers.order.listeners) {
        EXPECT_FALSE(each.settings.close_window);
        EXPECT_GE(each.settings.keepalive_timeout.value(), 5s);
        EXPECT_LE(each.settings.keepalive_timeout.value(), 7s);
    }
}

TEST(Orders, MoreTrialsThanPortsAreSpreadOverAddresses) {
    const experiment::cell cell;
    const auto trials = trials_of(cell, 56'001);
    EXPECT_EQ(client_addresses_needed(trials), 3U);
    const auto servers = assign_servers(trials, server_address);
    const auto order = make_client_order(trials, servers, {8080}, server_address, addresses(3), 1);
    EXPECT_EQ(order.trials[0].source, addresses(3)[0]);
    EXPECT_EQ(order.trials[28'000].source, addresses(3)[1]);
    EXPECT_EQ(order.trials[56'000].source, addresses(3)[2]);
    EXPECT_EQ(order.policies.size(), 1U);
}

TEST(Orders, WithoutAddressesToChooseFromTheKernelChooses) {
    const experiment::cell cell;
    const auto trials = trials_of(cell, 2);
    const auto order =
        make_client_order(trials, assign_servers(trials, server_address), {8080}, server_address, {}, 0.5);
    EXPECT_TRUE(order.trials[0].source.is_unspecified());
    EXPECT_EQ(order.trials[1].trial, 1U);
    EXPECT_EQ(order.time_scale, 0.5);
}

TEST(Lateness, IsTheP99OfTheWorseSide) {
    lateness seen;
    for (int number = 1; number <= 100; ++number)
        seen.add(side::server, std::chrono::microseconds(number));
    seen.add(side::client, 10us);
    EXPECT_EQ(seen.resolution(), duration(99us));
    EXPECT_EQ(lateness{}.resolution(), duration{});
}

experiment::plan plan_of(std::uint32_t cells, std::uint32_t replicates) {
    experiment::plan out;
    out.cells.resize(cells);
    for (std::uint32_t number = 0; number < cells; ++number)
        out.cells[number].scaled.server.keepalive_timeout = std::chrono::milliseconds(number % 100 + 1);
    out.stages.resize(1);
    out.what.replicates = replicates;
    return out;
}

TEST(Preflight, OnePairWhereDescriptorsAllow) {
    const auto used = needs_of({plan_of(10'000, 1)}, 20'000, 8'000'000'000);
    EXPECT_EQ(used.process_pairs, 1U);
    EXPECT_EQ(used.trials, 10'000U);
    EXPECT_NO_THROW(check_needs(used));
}

TEST(Preflight, MorePairsWhereTheyDoNot) {
    const auto used = needs_of({plan_of(10'000, 3)}, 20'000, 8'000'000'000);
    EXPECT_GE(used.process_pairs, 2U);
    EXPECT_LE(used.descriptors, 20'000U);
    EXPECT_LE(used.trials_per_pair * 2, 20'000U);
}

TEST(Preflight, RefusesWhatMemoryCannotHoldWithBothNumbers) {
    try {
        check_needs(needs_of({plan_of(10'000, 100)}, 1'000'000, 1'000'000'000));
        FAIL() << "accepted";
    } catch (const environment_lacks& lacking) {
        EXPECT_NE(std::string(lacking.what()).find("1000000 trials"), std::string::npos) << lacking.what();
        EXPECT_NE(std::string(lacking.what()).find("1000 MB are available"), std::string::npos) << lacking.what();
    }
}

TEST(Preflight, RefusesWhatDescriptorsCannotHold) {
    EXPECT_THROW(check_needs(needs_of({plan_of(10'000, 10)}, 256, 80'000'000'000)), environment_lacks);
    EXPECT_THROW(check_needs(needs_of({plan_of(1, 1)}, 64, 8'000'000'000)), environment_lacks);
}

TEST(Progress, SaysTimeTrialsAndStatesInOneLineOfTheTerminalsWidth) {
    progress_facts facts;
    facts.elapsed = 5s;
    facts.expected = 10s;
    facts.finished = 3;
    facts.wanted = 8;
    facts.states[tcp_state::time_wait] = 42;
    EXPECT_EQ(progress_line(facts, 100), "[##########..........] 5.0/10.0 s  3/8 trials  TIME_WAIT 42");
    EXPECT_EQ(progress_line(facts, 20).size(), 19U);
}

}  // namespace
}  // namespace firstfin::run
