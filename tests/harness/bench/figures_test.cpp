#include "harness/bench/figures.hpp"

#include <gtest/gtest.h>

#include "tests/harness/bench/sample_bench.hpp"

namespace firstfin::bench {
namespace {

TEST(BenchFigures, MedianOfOddEvenAndNone) {
    EXPECT_EQ(median({3, 1, 2}), 2);
    EXPECT_EQ(median({4, 1, 2, 3}), 2.5);
    EXPECT_EQ(median({}), std::nullopt);
}

TEST(BenchFigures, ARepetitionInTheUnitsThatAreShown) {
    const auto run = sample_bench();
    const auto got = figures_of(run.cases[0].repetitions[0]);
    EXPECT_EQ(got.requests_per_s, 1000);
    EXPECT_EQ(got.p99_us, 1500);
    EXPECT_EQ(got.client_cpu_us, 500);
    EXPECT_EQ(got.server_cpu_us, 400);
    EXPECT_EQ(got.requests_per_opened, 1);
    EXPECT_EQ(got.segments, 2);
    EXPECT_EQ(got.client_time_wait, 1) << "the most at any moment";
    EXPECT_EQ(got.server_time_wait, 1000);
    EXPECT_EQ(got.ports, 65);
}

TEST(BenchFigures, WhatCannotBeKnownIsNotZero) {
    const auto run = sample_bench();
    const auto got = figures_of(run.cases[2].repetitions[0]);
    EXPECT_EQ(got.client_cpu_us, std::nullopt);
    EXPECT_EQ(got.server_cpu_us, std::nullopt);
    EXPECT_EQ(got.segments, std::nullopt);
    EXPECT_EQ(got.client_time_wait, std::nullopt);
    EXPECT_EQ(got.ports, std::nullopt);
    EXPECT_EQ(figures_of(answering(0, 0)).p50_us, std::nullopt) << "of no request";
    EXPECT_EQ(figures_of(answering(0, 0)).client_cpu_us, std::nullopt);
    EXPECT_EQ(figures_of(answering(5, 0)).requests_per_opened, std::nullopt) << "no connection was opened";
}

TEST(BenchFigures, DiscardedRepetitionsAreNotInTheMedian) {
    const auto run = sample_bench();
    const auto got = figures_of(run.cases[1]);
    EXPECT_EQ(got.kept, 2U);
    EXPECT_EQ(got.of, 3U);
    EXPECT_EQ(got.middle.requests_per_s, 5300);
}

TEST(BenchFigures, ACaseOfWhichNothingIsKeptSaysSo) {
    auto one = case_of({1}, {10, 30, 20});
    for (auto& each : one.repetitions)
        each.discard = {"spoiled"};
    const auto got = figures_of(one);
    EXPECT_EQ(got.kept, 0U);
    EXPECT_EQ(got.middle.requests_per_s, 20);
}

// The coverage of the sign test's interval from the smallest to the largest of n is 1 - 2^(1-n).
TEST(BenchFigures, RatiosAreOfRounds) {
    const auto baseline = case_of({1}, {100, 200, 100, 200, 100, 200, 100});
    const auto reused = case_of({10}, {300, 600, 310, 580, 300, 660, 290});
    const auto got = ratio_of(reused, baseline, &figures::requests_per_s);
    ASSERT_TRUE(got);
    EXPECT_DOUBLE_EQ(got->middle, 3);
    EXPECT_DOUBLE_EQ(got->low, 2.9);
    EXPECT_DOUBLE_EQ(got->high, 3.3);
    EXPECT_NEAR(got->confidence, 1 - 1.0 / 64, 1e-9);
    EXPECT_FALSE(got->holds_one());
}

// Conover's table: of 15 ordered values the 4th and the 12th hold the median with 96.5 %.
TEST(BenchFigures, ManyRoundsNarrowTheInterval) {
    std::vector<std::uint64_t> rising;
    for (std::uint64_t i = 1; i <= 15; ++i)
        rising.push_back(100 * i);
    const auto got =
        ratio_of(case_of({2}, rising), case_of({1}, std::vector<std::uint64_t>(15, 100)), &figures::requests_per_s);
    ASSERT_TRUE(got);
    EXPECT_DOUBLE_EQ(got->middle, 8);
    EXPECT_DOUBLE_EQ(got->low, 4);
    EXPECT_DOUBLE_EQ(got->high, 12);
    EXPECT_NEAR(got->confidence, 0.965, 0.001);
}

TEST(BenchFigures, OneRoundHasNoInterval) {
    const auto got = ratio_of(case_of({2}, {30}), case_of({1}, {10}), &figures::requests_per_s);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->middle, 3);
    EXPECT_EQ(got->confidence, 0);
    EXPECT_FALSE(ratio_of(case_of({2}, {}), case_of({1}, {10}), &figures::requests_per_s));
}

TEST(BenchFigures, TheBaselineIsOneRequestAConnectionOfTheSameKind) {
    bench_run run;
    run.cases = {case_of({10}, {1}), case_of({1}, {1}), case_of({10}, {1})};
    run.cases[2].what.connections = 8;
    EXPECT_EQ(&baseline_of(run, run.cases[0]), &run.cases[1]);
    EXPECT_EQ(&baseline_of(run, run.cases[1]), &run.cases[1]);
    EXPECT_EQ(&baseline_of(run, run.cases[2]), &run.cases[2]) << "no other of its kind";
    run.cases = {case_of({1}, {1}), case_of({1}, {1}), case_of({10}, {1})};
    run.cases[1].what.ends = run.cases[2].what.ends = load::closer::reset;
    EXPECT_EQ(&baseline_of(run, run.cases[1]), &run.cases[0]) << "closers beside each other";
    EXPECT_EQ(&baseline_of(run, run.cases[2]), &run.cases[1]) << "reuse with the same closer";
}

}  // namespace
}  // namespace firstfin::bench
