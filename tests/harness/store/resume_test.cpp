#include <gtest/gtest.h>

#include "harness/store/run_db.hpp"
#include "tests/harness/store/equality.hpp"
#include "tests/harness/store/message_of.hpp"
#include "tests/harness/store/sample_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::store {
namespace {

using test::message_of;

struct refusal {
    const char* name;
    void (*change)(run_record&);
    const char* words;
};

void PrintTo(const refusal& row, std::ostream* out) {
    *out << row.name;
}

class Resume : public testing::TestWithParam<refusal> {
protected:
    Resume() { (void)run_db::create(folder_.path(), test::sample_run(), test::sample_cells()); }
    test::temporary_folder folder_;
};

TEST_P(Resume, IsRefusedWith) {
    auto wanted = test::sample_run();
    GetParam().change(wanted);
    EXPECT_EQ(message_of<bad_input>([&] { (void)run_db::open_to_resume(folder_.path(), wanted); }),
              "cannot resume " + folder_.path().string() + ": it was run " + GetParam().words +
                  ". Give the same again, or leave out --resume to begin a new run");
}

constexpr refusal refusals[] = {
    {"another_seed", [](run_record& one) { one.seed = 8; }, "with --seed 18446744073709551615, not 8"},
    {"another_scale", [](run_record& one) { one.time_scale = 1; }, "with --time-scale 0.1, not 1"},
    {"another_version", [](run_record& one) { one.version = "0.2.0"; }, "by version 0.1.0, not 0.2.0"},
    {"more_replicates", [](run_record& one) { one.replicates = 30; }, "with --replicates 2, not 30"},
    {"another_sandbox", [](run_record& one) { one.sandbox = "loopback"; }, "with --sandbox netns, not loopback"},
    {"two_things",
     [](run_record& one) {
         one.seed = 8;
         one.replicates = 1;
         one.plan_hash = "other";
     },
     "with --seed 18446744073709551615, not 8; with --replicates 2, not 1"},
    {"another_file",
     [](run_record& one) {
         one.plan_hash = "other";
         one.experiment_text = "title = \"another\"";
     },
     "from another text of the experiment"},
    {"same_text_other_cells", [](run_record& one) { one.plan_hash = "other"; },
     "with other cells (a profile or default has changed since)"},
};

INSTANTIATE_TEST_SUITE_P(Names, Resume, testing::ValuesIn(refusals),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ResumeOf, TheSamePlanGoesOn) {
    const test::temporary_folder folder;
    {
        auto db = run_db::create(folder.path(), test::sample_run(), test::sample_cells());
        db.add(std::vector{test::sample_trial("cell-65s-115s", 0, test::story::server_first)});
        auto end = test::sample_end();
        end.interrupted = true;
        db.finish(end);
    }
    auto wanted = test::sample_run();
    wanted.title = "another title and environment change nothing";
    wanted.environment.clear();
    {
        auto db = run_db::open_to_resume(folder.path(), wanted);
        EXPECT_EQ(db.finished().size(), 1U);
        EXPECT_EQ(db.add(std::vector{test::sample_trial("cell-65s-115s", 1, test::story::server_first)}), 1U);
        auto end = test::sample_end();
        end.resolution_ms = 0.5;
        end.warnings = {"the machine was busy", "again"};
        db.finish(end);
    }
    const auto end = run_db::open_to_read(folder.path()).end();
    ASSERT_TRUE(end);
    EXPECT_EQ(end->resolution_ms, 0.8125);
    EXPECT_FALSE(end->interrupted);
    EXPECT_EQ(end->wall, 2 * test::sample_end().wall);
    EXPECT_EQ(end->segments_lost, 6U);
    EXPECT_EQ(end->warnings, (std::vector<std::string>{"the machine was busy", "line one\nline two", "again"}));
}

TEST(ResumeOf, AnEmptyFolderHasNothing) {
    const test::temporary_folder folder;
    EXPECT_EQ(
        message_of<bad_input>([&] { (void)run_db::open_to_resume(folder.path(), test::sample_run()); }),
        folder.path().string() + " holds no run.db: there is nothing to resume; leave out --resume to begin the run");
    EXPECT_EQ(
        message_of<bad_input>([&] { (void)run_db::open_to_resume(folder.path() / "absent", test::sample_run()); }),
        "there is no folder " + (folder.path() / "absent").string() +
            ": there is nothing to resume; leave out --resume to begin the run");
}

}  // namespace
}  // namespace firstfin::store
