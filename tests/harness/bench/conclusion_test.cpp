#include "harness/bench/conclusion.hpp"

#include <gtest/gtest.h>

#include "tests/harness/bench/sample_bench.hpp"

namespace firstfin::bench {
namespace {

const std::vector<std::uint64_t> seven(7, 1000);

bench_run run_of(std::vector<case_result> cases) {
    bench_run out;
    out.cases = std::move(cases);
    return out;
}

bool says(const std::string& text, const std::string& part) {
    if (text.find(part) != std::string::npos) return true;
    ADD_FAILURE() << text;
    return false;
}

TEST(BenchConclusion, NamesTheBestReuseAndItsInterval) {
    const auto run = run_of({case_of({1}, seven), case_of({10}, {2000, 2000, 2000, 2000, 2000, 2000, 2000}),
                             case_of({100}, {3000, 3100, 3000, 2900, 3000, 3000, 3000})});
    const auto text = what_reuse_buys(run);
    EXPECT_TRUE(says(text, "Reuse buys 3.0 times the requests a second here: builtin/64/100 against builtin/64/1"));
    EXPECT_TRUE(says(text, "98 % interval 2.90 to 3.10"));
}

TEST(BenchConclusion, ClaimsNoGainThatIsNotShown) {
    const auto run = run_of({case_of({1}, seven), case_of({10}, {900, 1100, 1050, 1000, 990, 1200, 950})});
    EXPECT_TRUE(says(what_reuse_buys(run), "No gain of reuse is shown"));
    EXPECT_TRUE(says(what_reuse_buys(run_of({case_of({10}, seven)})), "does not say"));
    auto spoiled = run_of({case_of({1}, {1000}), case_of({10}, {2000})});
    spoiled.cases[0].repetitions[0].discard = {"spoiled"};
    EXPECT_TRUE(says(what_reuse_buys(spoiled), "does not say"));
}

TEST(BenchConclusion, WhereTheRateIsGivenTheTimeIsWhatReuseBuys) {
    auto run = run_of({case_of({1}, seven), case_of({10}, seven)});
    for (auto& each : run.cases)
        each.what.rate = 1000;
    EXPECT_TRUE(says(what_reuse_buys(run), "No gain of reuse is shown: builtin/64/10 answers in 1.00 of the time"));
    for (auto& each : run.cases[1].repetitions)
        each.latency.p50 = std::chrono::microseconds(60);
    EXPECT_TRUE(says(what_reuse_buys(run),
                     "half of the answers come in 0.60 of the time with reuse: builtin/64/10 "
                     "against builtin/64/1"));
    EXPECT_TRUE(says(what_reuse_buys(run), "p99 is 1.00 of it"));
}

case_result closed_by(std::uint64_t first_fins::*who) {
    auto out = case_of({1}, {1000});
    out.repetitions[0].first = {};
    out.repetitions[0].first.*who = 1000;
    return out;
}

TEST(BenchConclusion, WhatRunsOutDependsOnWhoClosesFirst) {
    EXPECT_TRUE(says(what_runs_out(run_of({closed_by(&first_fins::client)})), "28232 ports"));
    EXPECT_TRUE(says(what_runs_out(run_of({closed_by(&first_fins::client)})), "last for 471 connections a second"));
    EXPECT_TRUE(says(what_runs_out(run_of({closed_by(&first_fins::server)})), "table of 262144 entries"));
    EXPECT_TRUE(says(what_runs_out(run_of({closed_by(&first_fins::reset_by_client)})), "no TIME_WAIT anywhere"));
    EXPECT_TRUE(says(what_runs_out(run_of({closed_by(&first_fins::unknown)})), "is not known"));
    EXPECT_TRUE(says(what_runs_out(run_of({case_of(count_limit::unlimited(), {1000})})), "No connection was opened"));
}

TEST(BenchConclusion, PortsAreThoseOfTheEnvironment) {
    auto run = run_of({closed_by(&first_fins::client)});
    run.environment = {{"net.ipv4.ip_local_port_range", "40000\t40599"}, {"net.ipv4.tcp_max_tw_buckets", "600"}};
    EXPECT_EQ(port_figures_of(run, run.cases[0].what).ports, 600U);
    EXPECT_EQ(port_figures_of(run, run.cases[0].what).time_wait_buckets, 600U);
    EXPECT_TRUE(says(what_runs_out(run), "last for 10 connections a second"));
    // A case's own go first, and with tcp_tw_reuse a port is free after a second or the delay.
    auto& own = run.cases[0].what.sysctls;
    own = {{"net.ipv4.ip_local_port_range", "40000 40099"}, {"net.ipv4.tcp_tw_reuse", "1"}};
    EXPECT_TRUE(says(what_runs_out(run), "keeps its port for 1s, so 100 ports"));
    EXPECT_TRUE(says(what_runs_out(run), "last for 100 connections a second"));
    own["net.ipv4.tcp_tw_reuse_delay"] = "100";
    EXPECT_TRUE(says(what_runs_out(run), "last for 1000 connections a second"));
    own["net.ipv4.tcp_tw_reuse"] = "2";
    EXPECT_TRUE(says(what_runs_out(run), "keeps its port for 60s"));
}

}  // namespace
}  // namespace firstfin::bench
