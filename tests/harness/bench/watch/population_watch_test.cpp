#include "harness/bench/watch/population_watch.hpp"

#include <utility>

#include "harness/bench/watch/population_count.hpp"
#include "tests/harness/bench/watch/bench_stage.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"

namespace firstfin::testing {
namespace {

using namespace std::chrono_literals;
using bench::pause_after;
using bench::population;
using bench::population_count;
using bench::population_watch;
using sandbox::ip_family;

const endpoint server_end = *parse_endpoint("10.9.0.1:80");

witness::socket_row row(const char* local, tcp_state state, const endpoint& remote = server_end) {
    witness::socket_row out{};
    out.state = state;
    out.ends = {*parse_endpoint(local), remote};
    return out;
}

TEST(PopulationCount, OfTheSocketsTowardsOneServer) {
    population_count held(server_end);
    EXPECT_EQ(held.time_waits(), 0U);
    EXPECT_EQ(held.ports(), 0U);
    held.add(row("10.9.0.2:40000", tcp_state::time_wait));
    held.add(row("10.9.0.2:40001", tcp_state::established));
    held.add(row("10.9.0.2:40002", tcp_state::syn_sent));
    held.add(row("10.9.0.2:65535", tcp_state::time_wait));
    held.add(row("10.9.0.3:40000", tcp_state::time_wait));  // a port at another address
    held.add(row("10.9.0.2:40003", tcp_state::time_wait, *parse_endpoint("10.9.0.1:81")));
    held.add(row("10.9.0.2:40004", tcp_state::time_wait, *parse_endpoint("10.9.0.9:80")));
    EXPECT_EQ(held.time_waits(), 3U);
    EXPECT_EQ(held.ports(), 4U);
}

TEST(PauseAfter, IsTheIntervalUnlessASampleIsDear) {
    EXPECT_EQ(pause_after(1ms, 250ms), 250ms);
    EXPECT_EQ(pause_after(5ms, 250ms), 250ms);
    EXPECT_EQ(pause_after(20ms, 250ms), 1s);
}

class PopulationWatch : public needs_namespaces, public ::testing::WithParamInterface<ip_family> {
protected:
    boost::asio::io_context context_;
};

INSTANTIATE_TEST_SUITE_P(Families, PopulationWatch, ::testing::Values(ip_family::v4, ip_family::v6),
                         [](const auto& each) { return each.param == ip_family::v4 ? "v4" : "v6"; });

TEST_P(PopulationWatch, sees_time_wait_at_either_end_and_the_ports_in_use) {
    const bench_stage stage(GetParam());
    const auto began = steady::now();
    population_watch watch(context_, stage.server(), witness::sock_diag(stage.client_ns()),
                           witness::sock_diag(stage.server_ns()));
    watch.sample();
    const auto open = stage.connect();
    std::vector<both_ends> closed;
    for (int i = 0; i < 5; ++i) {
        closed.push_back(stage.connect());
        bench_stage::close_by(i < 2 ? side::client : side::server, closed.back());
    }
    const auto last = [&] {
        watch.sample();
        return watch.within(began, 1h).back();
    };
    EXPECT_TRUE(eventually([&] { return last().client == 2U && last().server == 3U; }));
    // A port whose connection the server closed first is free again at the client.
    EXPECT_EQ(last().ports, 1U + 2U);
    const auto first = watch.within(began, 1h).front();
    EXPECT_EQ(first.client, 0U);
    EXPECT_EQ(first.server, 0U);
    EXPECT_EQ(first.ports, 0U);
}

class PopulationWatchOf : public PopulationWatch {};

TEST_F(PopulationWatchOf, ASideThatCannotBeSeen) {
    const bench_stage stage;
    const auto began = steady::now();
    population_watch watch(context_, stage.server(), witness::sock_diag(stage.client_ns()), std::nullopt);
    watch.sample();
    const auto seen = watch.within(began, 1h).at(0);
    EXPECT_TRUE(seen.client);
    EXPECT_TRUE(seen.ports);
    EXPECT_FALSE(seen.server);
    population_watch neither(context_, stage.server(), std::nullopt, std::nullopt);
    neither.sample();
    EXPECT_FALSE(neither.within(began, 1h).at(0).client);
    EXPECT_FALSE(neither.within(began, 1h).at(0).ports);
}

TEST_F(PopulationWatchOf, AContextThatRuns) {
    const bench_stage stage;
    const auto began = steady::now();
    population_watch watch(context_, stage.server(), witness::sock_diag(stage.client_ns()),
                           witness::sock_diag(stage.server_ns()), 1ms);
    EXPECT_TRUE(eventually([&] {
        context_.run_for(10ms);
        return watch.within(began, 1h).size() >= 5;
    }));
    const auto seen = watch.within(began, 1h);
    for (std::size_t i = 1; i < seen.size(); ++i)
        EXPECT_GE(seen[i].at - seen[i - 1].at, 1ms);
    // The phase's samples alone, counted from its beginning.
    const auto middle = watch.within(began + seen[1].at, seen[3].at - seen[1].at);
    ASSERT_EQ(middle.size(), 3U);
    EXPECT_EQ(middle[0].at, 0ns);
    EXPECT_EQ(middle[2].at, seen[3].at - seen[1].at);

    watch.finish();
    const auto count = watch.within(began, 1h).size();
    context_.restart();
    context_.run_for(20ms);
    EXPECT_EQ(watch.within(began, 1h).size(), count);
}

TEST_F(PopulationWatchOf, AContextThatRunsWhenTheWatchIsGone) {
    const bench_stage stage;
    { const population_watch watch(context_, stage.server(), witness::sock_diag(stage.client_ns()), std::nullopt); }
    {
        const population_watch watch(context_, stage.server(), witness::sock_diag(stage.client_ns()), std::nullopt,
                                     1ms);
        context_.run_for(5ms);
    }
    context_.restart();
    context_.run();
}

// What a run without reuse leaves behind. Sampling it is not to take more than its share of a CPU.
TEST_F(PopulationWatchOf, TenThousandTimeWaits) {
    constexpr std::uint64_t many = 10'000;
    const bench_stage stage(
        ip_family::v4, {.stage = 12, .client_sysctls = {{"net.ipv4.tcp_tw_reuse", "0"}}, .tcp_max_tw_buckets = 20'000});
    for (std::uint64_t i = 0; i < many; ++i) {
        auto ends = stage.connect();
        bench_stage::close_by(side::client, ends);
    }
    const auto began = steady::now();
    population_watch watch(context_, stage.server(), witness::sock_diag(stage.client_ns()),
                           witness::sock_diag(stage.server_ns()), 1ms);
    std::size_t count = 0;
    duration cost{};
    duration cost_of_earlier{};
    EXPECT_TRUE(eventually([&] {
        context_.run_for(1ms);
        const auto now = watch.within(began, 1h).size();
        if (now != count) cost_of_earlier = std::exchange(cost, watch.cost());
        count = now;
        return count >= 3;
    }));
    watch.finish();
    for (const auto& one : watch.within(began, 1h)) {
        EXPECT_EQ(one.client, many);
        EXPECT_EQ(one.ports, many);
        EXPECT_EQ(one.server, 0U);
    }
    const auto seen = watch.within(began, 1h);
    EXPECT_GE(seen.back().at - seen.front().at, cost_of_earlier * 50);
}

}  // namespace
}  // namespace firstfin::testing
