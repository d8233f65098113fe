#include "harness/explain/loading.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/profile.hpp"
#include "harness/experiment/plan.hpp"
#include "harness/explain/predicted_why.hpp"
#include "tests/harness/store/message_of.hpp"
#include "tests/harness/store/sample_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::explain {
namespace {

using test::message_of;
using test::sample_trial;

class Loading : public testing::Test {
protected:
    store::run_db run_with(const std::vector<store::trial_record>& trials) {
        auto db = store::run_db::create(folder_.path(), test::sample_run(), test::sample_cells());
        db.add(trials);
        return db;
    }
    explanation load(const store::run_db& run, std::size_t place, std::optional<std::uint32_t> number = {}) {
        return explain_trial(run, folder_.path(), place, number);
    }
    const std::vector<store::cell_record> cells_ = test::sample_cells();
    test::temporary_folder folder_;
};

TEST_F(Loading, OneTrialWithAllThatIsKnownOfIt) {
    const auto run = run_with({sample_trial(cells_[2].id, 0, test::story::server_first),
                               sample_trial(cells_[2].id, 1, test::story::client_first)});
    const auto one = load(run, 2, 1);
    EXPECT_EQ(one.number, 3U);
    EXPECT_EQ(one.cells, 4U);
    EXPECT_EQ(one.trial.number, 1U);
    EXPECT_EQ(one.trial.verdict.first_fin, party::client);
    EXPECT_EQ(one.cell.params, cells_[2].params);
    EXPECT_EQ(one.distinctive.size(), 2U);
    EXPECT_FALSE(one.captured);
    EXPECT_EQ(one.picture.steps.size(), one.trial.timeline.segments.size() + one.trial.timeline.events.size() +
                                            one.trial.timeline.samples.size());
}

TEST_F(Loading, TheFirstConflictIsShownUnlessAskedOtherwise) {
    const auto run = run_with({sample_trial(cells_[0].id, 0, test::story::server_first),
                               sample_trial(cells_[0].id, 1, test::story::contradicted),
                               sample_trial(cells_[1].id, 1, test::story::client_first)});
    EXPECT_EQ(load(run, 0).trial.number, 1U);
    EXPECT_EQ(load(run, 0, 0).trial.number, 0U);
    EXPECT_EQ(load(run, 1).trial.number, 1U);
}

TEST_F(Loading, SaysWhichTrialsThereAre) {
    const auto run = run_with({sample_trial(cells_[0].id, 0, test::story::server_first),
                               sample_trial(cells_[0].id, 2, test::story::server_first)});
    EXPECT_EQ(message_of<bad_input>([&] { (void)load(run, 0, 1); }), "this cell has no trial 1: there are 0, 2");
    EXPECT_EQ(message_of<bad_input>([&] { (void)load(run, 3); }), "this cell has no trial yet: --resume runs it");
}

TEST_F(Loading, ListsCells) {
    const auto run = run_with({sample_trial(cells_[1].id, 0, test::story::contradicted)});
    const auto all = list_of_cells(run, {0, 1, 2, 3}, 100, {.width = 120});
    for (const auto& cell : cells_)
        EXPECT_NE(all.find(cell.id), std::string::npos) << all;
    const auto some = list_of_cells(run, {1, 3}, 1, {.width = 120});
    EXPECT_NE(some.find("     2  cell-65s-never"), std::string::npos) << some;
    EXPECT_EQ(some.find(cells_[3].id), std::string::npos);
    EXPECT_TRUE(some.ends_with("and 1 more\n")) << some;
    const auto listed = boost::json::parse(list_of_cells_json(run));
    ASSERT_EQ(listed.at("cells").as_array().size(), 4U);
    EXPECT_EQ(listed.at("cells").at(1).at("number"), 2);
    EXPECT_EQ(listed.at("cells").at(1).at("conflicts"), 1);
    EXPECT_EQ(listed.at("cells").at(1).at("params").at("client.idle_timeout"), "never");
}

TEST(PredictedWhy, IsWorkedOutAgainFromTheParameters) {
    const auto profiles = catalogue::load(FIRSTFIN_PROFILES);
    for (const double scale : {1.0, 0.5}) {
        experiment::experiment what;
        what.time_scale = scale;
        what.base = {{"server.profile", "nginx", ""},
                     {"client.profile", "firefox", ""},
                     {"skew", "-50ms", ""},
                     {"scenario.kind", "cadence", ""},
                     {"sysctl.server.net.ipv4.tcp_fin_timeout", "20", ""}};
        const auto plan = experiment::make_plan(what, profiles, experiment::scale_sensitive_cells::allow);
        const auto& made = plan.cells.at(0);
        store::cell_record cell{made.id,
                                experiment::canonical(made.unscaled),
                                std::string(firstfin::to_text(made.predicted.first)),
                                {},
                                {}};
        EXPECT_FALSE(made.predicted.why.empty());
        EXPECT_EQ(predicted_why(cell, scale, profiles), made.predicted.why);

        cell.id = "of another version";
        EXPECT_EQ(predicted_why(cell, scale, profiles), "");
        cell.params = {{"no.such", "setting"}};
        EXPECT_EQ(predicted_why(cell, scale, profiles), "");
    }
}

}  // namespace
}  // namespace firstfin::explain
