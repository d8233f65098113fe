#include "harness/report/summary.hpp"

#include <gtest/gtest.h>

#include "tests/harness/report/sample_reports.hpp"

namespace firstfin::report {
namespace {

using namespace std::chrono_literals;
using test::story;

TEST(Summary, CountsEveryOutcomeOnce) {
    const auto run = test::mixed_run();
    const auto all = summarise(run.open());
    EXPECT_EQ(all.total.trials, 15U);
    EXPECT_EQ(all.total.invalid, 1U);
    EXPECT_EQ(all.total.conflicts, 1U);
    EXPECT_EQ(all.total.first_fin.total(), 13U);
    EXPECT_EQ(all.total.time_wait.total(), 14U);
    EXPECT_EQ(all.total.ending.total(), 14U);
    EXPECT_EQ(all.total.reset.total(), 14U);
    EXPECT_EQ(all.total.first_fin[party::both], 1U);
    EXPECT_EQ(all.total.requests.true_race, 1U);
    EXPECT_EQ(all.planned_trials, 16U);
    EXPECT_EQ(all.missing(), 1U);
    EXPECT_TRUE(all.interrupted());
    EXPECT_TRUE(all.has_findings());
    ASSERT_EQ(all.disputes.size(), 1U);
    EXPECT_EQ(all.disputes[0].cell, "cell-120s-never");
    EXPECT_EQ(all.invalid_reasons, (std::map<std::string, std::uint32_t>{{"the capture lost 3 segments", 1}}));
}

TEST(Summary, KnowsTheTieBand) {
    const auto run = test::mixed_run();
    const auto all = summarise(run.open());
    EXPECT_FALSE(all.cells[0].tie_band);  // 5 s apart
    EXPECT_FALSE(all.cells[1].tie_band);  // one limit only
    EXPECT_TRUE(all.cells[2].tie_band);   // 500 ms apart, resolution 600 ms
}

TEST(Summary, AResetCountsAsTheSidesClose) {
    const auto cells = test::sample_cells();
    std::vector<store::trial_record> trials;
    for (std::uint32_t number = 0; number < 2; ++number)
        trials.push_back(test::sample_trial(cells[0].id, number, story::server_resets));
    const test::stored_run run(test::sample_run(), cells, trials, test::sample_end());
    const auto all = summarise(run.open());
    EXPECT_EQ(all.cells[0].counts.first_fin[party::none], 2U);
    EXPECT_EQ(all.cells[0].counts.closer[party::server], 2U);
    EXPECT_FALSE(all.cells[0].differs_from_prediction());
}

TEST(Spread, IsOfNearestRanks) {
    std::vector<duration> none;
    EXPECT_FALSE(spread_of(none));
    std::vector<duration> one{5ns};
    EXPECT_EQ(spread_of(one)->p99, 5ns);
    std::vector<duration> four{40ns, 10ns, 30ns, 20ns};
    const auto of_four = spread_of(four).value();
    EXPECT_EQ(of_four.min, 10ns);
    EXPECT_EQ(of_four.median, 25ns);
    EXPECT_EQ(of_four.p99, 40ns);
    std::vector<duration> many;
    for (int value = 1; value <= 200; ++value)
        many.emplace_back(value);
    const auto of_many = spread_of(many).value();
    EXPECT_EQ(of_many.median, 100ns);  // the middle of 100 and 101, whole nanoseconds
    EXPECT_EQ(of_many.p99, 198ns);
    EXPECT_EQ(of_many.max, 200ns);
}

TEST(Tally, AgreesFrom95Percent) {
    tally<party> counts;
    EXPECT_FALSE(counts.agreed(0));
    for (int times = 0; times < 19; ++times)
        counts.add(party::client);
    counts.add(party::server);
    EXPECT_EQ(counts.agreed(20), party::client);
    EXPECT_FALSE(counts.agreed(21));  // a conflict counts against
}

struct expectation {
    const char* name;
    std::string measure;
    std::string today;
    std::vector<story> stories;
    std::string measured;
    bool met;
};

void PrintTo(const expectation& row, std::ostream* out) {
    *out << row.name;
}

class Expectation : public testing::TestWithParam<expectation> {};

TEST_P(Expectation, Is) {
    auto record = test::sample_run();
    const auto cells = test::sample_cells();
    record.expects = {{{{"server.keepalive_timeout", "120s"}, {"link.family", "ipv4"}, {"client.idle_timeout", "115s"}},
                       GetParam().measure,
                       "",
                       GetParam().today}};
    std::vector<store::trial_record> trials{test::sample_trial(cells[0].id, 0, story::never_closed)};  // not selected
    for (const auto what : GetParam().stories)
        trials.push_back(test::sample_trial(cells[2].id, static_cast<std::uint32_t>(trials.size()), what));
    const test::stored_run run(record, cells, trials, test::sample_end());
    const auto all = summarise(run.open());
    ASSERT_EQ(all.expects.size(), 1U);
    EXPECT_EQ(all.expects[0].measured, GetParam().measured);
    EXPECT_EQ(all.expects[0].met, GetParam().met);
}

const expectation expectations[] = {
    {"met", "first_fin", "server", {story::server_first, story::server_first}, "server", true},
    {"missed", "first_fin", "client", {story::server_first, story::server_first}, "server", false},
    {"undecided_is_met_by_a_mixture",
     "first_fin",
     "undecided",
     {story::server_first, story::client_first},
     "undecided",
     true},
    {"undecided_is_met_by_agreement", "first_fin", "undecided", {story::server_first}, "server", true},
    {"a_mixture_misses_a_side", "first_fin", "server", {story::server_first, story::client_first}, "undecided", false},
    {"a_conflict_counts_against",
     "first_fin",
     "server",
     {story::server_first, story::contradicted},
     "undecided",
     false},
    {"invalid_trials_do_not_count", "first_fin", "server", {story::server_first, story::lost_segments}, "server", true},
    {"nothing_valid_is_never_met", "first_fin", "undecided", {story::lost_segments}, "nothing", false},
    {"no_trial_is_never_met", "first_fin", "undecided", {}, "nothing", false},
    {"of_time_wait", "time_wait", "client", {story::client_first}, "client", true},
    {"of_ending", "ending", "simultaneous", {story::crossed}, "simultaneous", true},
    {"of_reset", "reset", "server", {story::server_resets}, "server", true},
};

INSTANTIATE_TEST_SUITE_P(Names, Expectation, testing::ValuesIn(expectations),
                         [](const auto& row) { return std::string(row.param.name); });

struct claimed {
    std::string_view name;
    std::string measure;
    std::string article;
    std::string today;
    bool occurs;
    std::vector<story> stories;
    claim_status status;
    bool met;
    std::string detail;
};

class Claim : public testing::TestWithParam<claimed> {};

TEST_P(Claim, HasAStatus) {
    const auto& of = GetParam();
    auto record = test::sample_run();
    record.time_scale = 1;
    const auto cells = test::sample_cells();
    store::expect_record expect;
    expect.claim = "1";
    expect.measure = of.measure;
    expect.article = of.article;
    expect.today = of.today;
    expect.occurs = of.occurs;
    record.expects = {expect};
    std::vector<store::trial_record> trials;
    for (const auto what : of.stories)
        trials.push_back(test::sample_trial(cells[0].id, static_cast<std::uint32_t>(trials.size()), what));
    const test::stored_run run(record, cells, trials, test::sample_end());
    const auto all = summarise(run.open());
    ASSERT_EQ(all.expects.size(), 1U);
    EXPECT_EQ(all.expects[0].status, of.status);
    EXPECT_EQ(all.expects[0].met, of.met);
    EXPECT_EQ(all.expects[0].detail, of.detail);
}

constexpr auto first = story::server_first;
constexpr auto second = story::client_first;
INSTANTIATE_TEST_SUITE_P(
    Names, Claim,
    testing::Values(
        claimed{"reproduced",
                "first_fin",
                "server",
                "server",
                false,
                {first, first},
                claim_status::reproduced,
                true,
                "server"},
        claimed{"not_reproduced",
                "first_fin",
                "client",
                "server",
                false,
                {first, first},
                claim_status::not_reproduced,
                true,
                "server"},
        claimed{"undecided",
                "first_fin",
                "server",
                "undecided",
                false,
                {first, second},
                claim_status::undecided,
                true,
                "client 1; server 1"},
        claimed{"nothing_claimed",
                "first_fin",
                "",
                "server",
                false,
                {first},
                claim_status::nothing_claimed,
                true,
                "server"},
        claimed{"nobody_ran", "first_fin", "server", "server", false, {}, claim_status::not_shown, false, "nothing"},
        claimed{"a_timeline_is_read",
                "server_closing",
                "FIN_WAIT_1, FIN_WAIT_2, TIME_WAIT",
                "FIN_WAIT_1, FIN_WAIT_2, TIME_WAIT",
                false,
                {first, first},
                claim_status::reproduced,
                true,
                "FIN_WAIT_1, FIN_WAIT_2, TIME_WAIT"},
        claimed{"once_is_enough",
                "first_fin",
                "",
                "client",
                true,
                {first, first, second},
                claim_status::nothing_claimed,
                true,
                "client in 1 of 3 trials"},
        claimed{"not_even_once",
                "first_fin",
                "",
                "both",
                true,
                {first, second},
                claim_status::nothing_claimed,
                false,
                "both in 0 of 2 trials"},
        claimed{"a_range",
                "idle_at_close",
                "90ms..110ms",
                "1s..2s",
                false,
                {first},
                claim_status::reproduced,
                false,
                "0.1s"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(Claims, NeedTheWireOrSayThatItIsMissing) {
    auto record = test::sample_run();
    record.sandbox = "loopback";
    store::expect_record expect;
    expect.claim = "1";
    expect.measure = "handshake";
    expect.article = expect.today = "SYN 0x002";
    record.expects = {expect};
    const auto cells = test::sample_cells();
    const test::stored_run run(record, cells, {test::sample_trial(cells[0].id, 0, story::without_wire)},
                               test::sample_end());
    const auto all = summarise(run.open());
    EXPECT_EQ(all.expects[0].status, claim_status::not_shown);
    EXPECT_NE(all.expects[0].expect.not_shown.find("wire"), std::string::npos);
    EXPECT_TRUE(all.expects[0].met);
}

}  // namespace
}  // namespace firstfin::report
