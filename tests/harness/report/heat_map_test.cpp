#include "harness/report/heat_map.hpp"

#include <gtest/gtest.h>

#include "tests/harness/report/sample_reports.hpp"
#include "tests/support/golden.hpp"

namespace firstfin::report {
namespace {

using test::expect_golden;
using test::grid_run;
using test::story;

/// One cell of each remarkable kind.
void with_surprises(store::trial_record& trial) {
    const auto tell = [&trial](story what) { trial = test::sample_trial(trial.cell, 0, what); };
    if (trial.cell == "00020008") tell(story::contradicted);
    if (trial.cell == "00010006") tell(story::crossed);
    if (trial.cell == "00000009") tell(story::server_resets);
    if (trial.cell == "00080001") tell(story::lost_segments);
    if (trial.cell == "00090000") tell(story::never_closed);
}

TEST(HeatMap, Letters) {
    expect_golden("map_letters.txt", grid_run(10, 14, with_surprises).report(format::text, {.width = 80}));
}

TEST(HeatMap, Colours) {
    expect_golden("map_colours.txt",
                  grid_run(10, 14, with_surprises).report(format::text, {.width = 80, .height = 24, .colour = true}));
}

TEST(HeatMap, BinnedLetters) {
    expect_golden("map_binned_letters.txt", grid_run(60, 90).report(format::text, {.width = 60, .height = 24}));
}

TEST(HeatMap, BinnedColours) {
    expect_golden("map_binned_colours.txt",
                  grid_run(60, 90).report(format::text, {.width = 60, .height = 24, .colour = true}));
}

TEST(HeatMap, KeepsItsShapeWhereNoWindowLimitsIt) {
    const auto text = grid_run(60, 60).report(format::text, {.width = 40});
    EXPECT_NE(text.find("each block: 2 x 2 cells"), std::string::npos) << text;
}

TEST(HeatMap, AConflictIsSeenInALargeBlock) {
    const auto run = grid_run(60, 60, [](store::trial_record& trial) {
        if (trial.cell == "00100050") trial = test::sample_trial(trial.cell, 0, story::contradicted);
    });
    const auto text = run.report(format::text, {.width = 40, .height = 20});
    EXPECT_NE(text.find("ss!ss"), std::string::npos) << text;
    EXPECT_NE(text.find("! conflict"), std::string::npos) << text;
}

std::optional<heat_map_axes> axes_of(const test::stored_run& run) {
    return heat_map_axes_of(distinguishing_columns(summarise(run.open())));
}

TEST(HeatMap, IsForTwoLongNumericAxes) {
    EXPECT_FALSE(axes_of(grid_run(4, 12)));
    EXPECT_TRUE(axes_of(grid_run(4, 13)));
    EXPECT_FALSE(axes_of(grid_run(3, 40)));
    EXPECT_FALSE(axes_of(grid_run(1, 60)));
    EXPECT_FALSE(axes_of(test::mixed_run()));
}

store::cell_record cell(std::size_t number, store::text_pairs params) {
    store::cell_record out;
    out.id = std::to_string(number);
    out.params = std::move(params);
    return out;
}

/// The cells of `client` x `skew`, where the skew moves the server's limit.
test::stored_run skewed_run() {
    auto record = test::sample_run();
    record.axes = {{"skew", {"-2s", "-1s", "0s", "1s", "2s"}}, {"client.idle_timeout", {}}};
    std::vector<store::cell_record> cells;
    for (int skew = -2; skew <= 2; ++skew)
        for (int client = 3; client < 15; ++client)
            cells.push_back(cell(cells.size(), {{"client.idle_timeout", std::to_string(client) + "s"},
                                                {"server.keepalive_timeout", std::to_string(client + skew) + "s"},
                                                {"skew", std::to_string(skew) + "s"}}));
    return {record, cells, {}, test::sample_end()};
}

TEST(ParameterColumns, TheDeclaredAxesAreEnough) {
    const auto run = skewed_run();
    const auto columns = distinguishing_columns(summarise(run.open()));
    ASSERT_EQ(columns.size(), 2U);
    EXPECT_EQ(columns[0].name, "skew");
    EXPECT_EQ(columns[0].values, (std::vector<std::string>{"-2s", "-1s", "0s", "1s", "2s"}));
    EXPECT_EQ(columns[1].name, "client.idle_timeout");
    EXPECT_EQ(columns[1].values.back(), "14s");
    EXPECT_TRUE(columns[0].numeric && columns[1].numeric);
    EXPECT_TRUE(axes_of(run));
}

TEST(ParameterColumns, ZippedAxesAreOne) {
    auto record = test::sample_run();
    record.axes = {{"server.keepalive_timeout", {}}, {"server.keepalive_hint", {}}, {"client.idle_timeout", {}}};
    std::vector<store::cell_record> cells;
    for (int server = 1; server < 9; ++server)
        for (int client = 1; client < 9; ++client)
            cells.push_back(cell(cells.size(), {{"client.idle_timeout", std::to_string(client) + "s"},
                                                {"server.keepalive_hint", std::to_string(server / 2) + "s"},
                                                {"server.keepalive_timeout", std::to_string(server) + "s"}}));
    const test::stored_run run(record, cells, {}, test::sample_end());
    EXPECT_EQ(distinguishing_columns(summarise(run.open())).size(), 3U);
    const auto axes = axes_of(run);
    ASSERT_TRUE(axes);
    EXPECT_EQ(axes->down.name, "server.keepalive_timeout");
    EXPECT_EQ(axes->across.name, "client.idle_timeout");
}

TEST(ParameterColumns, WithoutAxesTheMostTellingParameterIsFound) {
    auto record = test::sample_run();
    record.axes.clear();
    const std::vector cells{cell(0, {{"a", "x"}, {"b", "1"}}), cell(1, {{"a", "x"}, {"b", "2"}}),
                            cell(2, {{"a", "y"}, {"b", "3"}})};
    const test::stored_run run(record, cells, {}, test::sample_end());
    const auto columns = distinguishing_columns(summarise(run.open()));
    ASSERT_EQ(columns.size(), 1U);
    EXPECT_EQ(columns[0].name, "b");
}

TEST(ParameterColumns, WordsKeepTheSweepsOrder) {
    auto record = test::sample_run();
    record.axes = {{"client.profile", {"wget", "firefox", "curl"}}};
    const std::vector cells{cell(0, {{"client.profile", "wget"}}), cell(1, {{"client.profile", "firefox"}}),
                            cell(2, {{"client.profile", "curl"}})};
    const test::stored_run run(record, cells, {}, test::sample_end());
    const auto columns = distinguishing_columns(summarise(run.open()));
    ASSERT_EQ(columns.size(), 1U);
    EXPECT_FALSE(columns[0].numeric);
    EXPECT_EQ(columns[0].values, (std::vector<std::string>{"wget", "firefox", "curl"}));
}

}  // namespace
}  // namespace firstfin::report
