#include "harness/bench/comparison.hpp"

#include <gtest/gtest.h>

#include "tests/harness/bench/sample_bench.hpp"

namespace firstfin::bench {
namespace {

bench_run run_of(const std::vector<std::uint64_t>& rates) {
    bench_run out;
    out.cases = {case_of({1}, rates)};
    return out;
}

TEST(BenchComparison, SaysWhatIsShownAndNoMore) {
    const auto base = run_of({100, 101, 102, 103});
    EXPECT_EQ(compare(base, run_of({110, 111, 112, 113})).cases[0].says, finding::faster);
    EXPECT_EQ(compare(base, run_of({90, 91, 92, 93})).cases[0].says, finding::slower);
    EXPECT_EQ(compare(base, run_of({99, 104, 101, 102})).cases[0].says, finding::no_difference_shown);
    EXPECT_EQ(compare(base, run_of({110, 111})).cases[0].says, finding::too_few);
    EXPECT_EQ(compare(run_of({1, 2, 3}), run_of({110, 111, 112})).cases[0].says, finding::too_few);
}

TEST(BenchComparison, OfAGivenRateTheWaitIsCompared) {
    auto before = run_of({100, 100, 100, 100});
    auto after = before;
    before.cases[0].what.rate = after.cases[0].what.rate = 100;
    for (auto& each : after.cases[0].repetitions)
        each.latency.p99 = std::chrono::milliseconds(1);
    const auto got = compare(before, after).cases[0];
    EXPECT_EQ(got.says, finding::faster);
    EXPECT_EQ(got.before, 1500);
    EXPECT_EQ(got.after, 1000);
}

TEST(BenchComparison, DiscardedRepetitionsDoNotCount) {
    auto after = run_of({110, 111, 112, 113});
    after.cases[0].repetitions[0].discard = {"spoiled"};
    EXPECT_EQ(compare(run_of({100, 101, 102}), after).cases[0].says, finding::too_few);
}

TEST(BenchComparison, OneNameDoesNotMakeTwoCasesOne) {
    const auto before = run_of({1});
    auto after = before;
    after.cases[0].what.ends = load::closer::reset;
    const auto got = compare(before, after);
    ASSERT_EQ(got.environments.size(), 1U);
    EXPECT_NE(got.environments[0].find("builtin/64/1: not the same settings"), std::string::npos);
}

TEST(BenchComparison, NamesWhatOnlyOneHasAndWhatElseDiffers) {
    auto before = run_of({1});
    auto after = run_of({1});
    after.cases.push_back(case_of({10}, {1}));
    before.cases.push_back(case_of({100}, {1}));
    before.environment = {{"kernel", "6.1"}, {"gone", "x"}, {"same", "y"}};
    after.environment = {{"kernel", "6.18"}, {"new", "z"}, {"same", "y"}};
    const auto got = compare(before, after);
    EXPECT_EQ(got.only_before, (std::vector<std::string>{"builtin/64/100"}));
    EXPECT_EQ(got.only_after, (std::vector<std::string>{"builtin/64/10"}));
    EXPECT_EQ(got.environments,
              (std::vector<std::string>{"gone: x, then nothing", "kernel: 6.1, then 6.18", "new: nothing, then z"}));
    EXPECT_NE(as_text(got, 80).find("what differs besides: kernel: 6.1, then 6.18"), std::string::npos);
    EXPECT_NE(to_json(got).find(R"("says":"too few repetitions")"), std::string::npos);
}

}  // namespace
}  // namespace firstfin::bench
