#include "harness/store/run_db.hpp"

#include <gtest/gtest.h>

#include "tests/harness/store/equality.hpp"
#include "tests/harness/store/message_of.hpp"
#include "tests/harness/store/sample_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::store {
namespace {

using test::message_of;
using test::sample_trial;
using test::story;

class RunDb : public testing::Test {
protected:
    [[nodiscard]] std::filesystem::path place() const { return folder_.path() / "run"; }
    [[nodiscard]] run_db created() const { return run_db::create(place(), test::sample_run(), test::sample_cells()); }
    [[nodiscard]] run_db read() const { return run_db::open_to_read(place()); }

    static std::vector<trial_record> trials_of(const run_db& db) {
        std::vector<trial_record> out;
        db.for_each_trial([&out](const trial_record& one) { out.push_back(one); });
        return out;
    }

    test::temporary_folder folder_;
};

TEST_F(RunDb, KeepsTheRunAndItsCells) {
    (void)created();
    EXPECT_TRUE(read().run() == test::sample_run());
    EXPECT_TRUE(read().cells() == test::sample_cells());
    EXPECT_FALSE(read().end());
    EXPECT_TRUE(read().finished().empty());
}

TEST_F(RunDb, StoresWhatCellsShareOnce) {
    (void)created();
    const auto list = read().cells_by_difference();
    EXPECT_EQ(list.common, (text_pairs{{"link.family", "ipv4"}, {"scenario.path", "/"}}));
    EXPECT_EQ(list.cells.front().params,
              (text_pairs{{"client.idle_timeout", "115s"}, {"server.keepalive_timeout", "65s"}}));
}

TEST_F(RunDb, KeepsCellsOfDifferentShape) {
    auto cells = test::sample_cells();
    cells[1].params = {{"only.here", "1"}};
    cells[2].params.clear();
    (void)run_db::create(place(), test::sample_run(), cells);
    EXPECT_TRUE(read().cells() == cells);
}

TEST_F(RunDb, KeepsAPlanWithoutCells) {
    (void)run_db::create(place(), test::sample_run(), {});
    EXPECT_TRUE(read().cells().empty());
}

TEST_F(RunDb, KeepsTrialsInPlanOrder) {
    std::vector<trial_record> trials;
    std::uint32_t number = 0;
    for (const auto what : test::all_stories)
        trials.push_back(sample_trial("cell-120s-never", number++, what));
    trials.push_back(sample_trial("cell-65s-115s", 1, story::server_first));
    EXPECT_EQ(created().add(trials), trials.size());
    std::rotate(trials.begin(), trials.end() - 1, trials.end());
    EXPECT_TRUE(trials_of(read()) == trials);
}

TEST_F(RunDb, FindsOneTrial) {
    const auto wanted = sample_trial("cell-120s-never", 1, story::crossed);
    created().add(std::vector{sample_trial("cell-120s-never", 0, story::server_first), wanted});
    EXPECT_TRUE(read().trial(3, 1) == wanted);
    EXPECT_FALSE(read().trial(3, 2));
    EXPECT_FALSE(read().trial(0, 1));
}

TEST_F(RunDb, VerdictsCanBeRecomputed) {
    auto db = created();
    std::uint32_t number = 0;
    for (const auto what : test::all_stories)
        db.add(std::vector{sample_trial("cell-65s-never", number++, what)});
    std::size_t seen = 0;
    db.for_each_trial([&seen](const trial_record& one) {
        EXPECT_TRUE(judge(one.timeline) == one.verdict) << one.number;
        ++seen;
    });
    EXPECT_EQ(seen, std::size(test::all_stories));
}

TEST_F(RunDb, ResultsAreTheVerdictsWithoutEvidence) {
    auto db = created();
    std::vector<trial_record> trials;
    std::uint32_t number = 0;
    for (const auto what : test::all_stories)
        trials.push_back(sample_trial("cell-65s-never", number++, what));
    db.add(trials);
    std::size_t place = 0;
    db.for_each_result([&](const trial_result& one) {
        auto expected = trials[place++].verdict;
        expected.statements.clear();
        EXPECT_EQ(one.cell, 1U);
        EXPECT_TRUE(one.verdict == expected) << place;
    });
    EXPECT_EQ(place, trials.size());
}

TEST_F(RunDb, ATrialAlreadyThereStaysAsItIs) {
    auto db = created();
    EXPECT_EQ(db.add(std::vector{sample_trial("cell-65s-115s", 0, story::server_first)}), 1U);
    const std::vector again{sample_trial("cell-65s-115s", 0, story::client_first),
                            sample_trial("cell-65s-115s", 1, story::client_first)};
    EXPECT_EQ(db.add(again), 1U);
    const auto trials = trials_of(db);
    ASSERT_EQ(trials.size(), 2U);
    EXPECT_EQ(trials[0].verdict.first_fin, party::server);
    EXPECT_EQ(trials[1].verdict.first_fin, party::client);
}

TEST_F(RunDb, ABatchIsStoredWholeOrNotAtAll) {
    auto db = created();
    const std::vector batch{sample_trial("cell-65s-115s", 0, story::server_first),
                            sample_trial("no-such-cell", 0, story::server_first)};
    EXPECT_THROW(db.add(batch), std::logic_error);
    EXPECT_TRUE(db.finished().empty());
    EXPECT_EQ(db.add(std::span(batch).first(1)), 1U);
}

TEST_F(RunDb, KnowsWhatIsFinished) {
    auto db = created();
    db.add(std::vector{sample_trial("cell-65s-115s", 1, story::server_first),
                       sample_trial("cell-120s-never", 0, story::lost_segments)});
    const std::set<std::pair<std::string, std::uint32_t>> expected{{"cell-65s-115s", 1}, {"cell-120s-never", 0}};
    EXPECT_EQ(db.finished(), expected);
    EXPECT_EQ(read().finished(), expected);
}

TEST_F(RunDb, KeepsSocketCounts) {
    const std::vector<state_count_record> before{
        {duration(5), 3, side::client, {{tcp_state::established, 7}, {tcp_state::time_wait, 4294967295U}}},
        {duration(-1), 0, side::server, {}}};
    auto db = created();
    db.add({}, before);
    db.add(before.front());
    std::vector<state_count_record> after;
    db.for_each_state_count([&after](const state_count_record& one) { after.push_back(one); });
    EXPECT_TRUE(after == (std::vector{before[0], before[1], before[0]}));
}

TEST_F(RunDb, KeepsTheEnd) {
    created().finish(test::sample_end());
    EXPECT_TRUE(read().end() == test::sample_end());
}

TEST_F(RunDb, AnEndedRunIsOneFile) {
    {
        auto db = created();
        db.add(std::vector{sample_trial("cell-65s-115s", 0, story::server_first)});
        EXPECT_TRUE(exists(place() / "run.db-wal"));
        db.finish(test::sample_end());
    }
    std::vector<std::string> files;
    for (const auto& one : std::filesystem::directory_iterator(place()))
        files.push_back(one.path().filename().string());
    EXPECT_EQ(files, std::vector<std::string>{"run.db"});
}

TEST_F(RunDb, AReaderSeesWhatIsWrittenMeanwhile) {
    auto db = created();
    const auto reader = read();
    EXPECT_TRUE(reader.finished().empty());
    db.add(std::vector{sample_trial("cell-65s-115s", 0, story::server_first)});
    EXPECT_EQ(reader.finished().size(), 1U);
    db.finish(test::sample_end());  // the reader holds the log back, which is no failure
    EXPECT_EQ(read().finished().size(), 1U);
}

TEST_F(RunDb, NeverOverwritesARun) {
    (void)created();
    EXPECT_EQ(message_of<bad_input>([this] { (void)created(); }),
              place().string() + " already holds a run: continue it with --resume, or choose another --out");
}

TEST_F(RunDb, TwoWritersAreRefused) {
    const auto first = created();
    EXPECT_EQ(message_of<bad_input>([this] { (void)run_db::open_to_resume(place(), test::sample_run()); }),
              "another firstfin is writing into " + place().string() + ": wait until it ends, or choose another --out");
}

TEST_F(RunDb, AFolderThatCannotBeMadeIsNamed) {
    EXPECT_EQ(message_of<bad_input>([] { (void)run_db::create("/proc/nowhere/run", test::sample_run(), {}); }),
              "cannot make the folder /proc/nowhere/run: No such file or directory: name another with --out");
}

TEST_F(RunDb, HalfAStartIsNoRun) {
    std::filesystem::create_directories(place());
    std::filesystem::copy_file("/proc/self/cmdline", place() / "run.db.new");
    (void)created();
    EXPECT_TRUE(read().run() == test::sample_run());
    EXPECT_FALSE(exists(place() / "run.db.new"));
}

}  // namespace
}  // namespace firstfin::store
