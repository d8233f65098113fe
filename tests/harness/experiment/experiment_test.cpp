#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "harness/experiment/plan.hpp"
#include "harness/experiment/sweep.hpp"

namespace firstfin::experiment {
namespace {

using namespace std::chrono_literals;

const catalogue& profiles() {
    static const auto all = catalogue::load(FIRSTFIN_PROFILES);
    return all;
}

class ExperimentFile : public ::testing::Test {
protected:
    experiment read(const std::string& text) {
        std::ofstream(file_) << text;
        return read_experiment(file_);
    }
    std::string complaint(const std::string& text) {
        try {
            const auto what = read(text);
            (void)make_plan(what, profiles(), scale_sensitive_cells::leave_out);
        } catch (const bad_input& failed) {
            return failed.what();
        }
        return "accepted";
    }
    ~ExperimentFile() override { std::filesystem::remove(file_); }

    std::filesystem::path file_ =
        std::filesystem::path(::testing::TempDir()) / ("experiment-" + std::to_string(::getpid()) + ".toml");
};

TEST_F(ExperimentFile, BecomesCellsInSweepOrder) {
    const auto made = make_plan(read(R"(
title = "two axes"
[sweep]
"server.keepalive_timeout" = ["65s", "130s"]
"client.idle_timeout" = { from = "1s", to = "3s", step = "1s" }
[run]
replicates = 4
)"),
                                profiles(), scale_sensitive_cells::leave_out);
    ASSERT_EQ(made.cells.size(), 6U);
    EXPECT_EQ(made.trials(), 24U);
    EXPECT_EQ(to_text(made.cells[1].scaled.server.keepalive_timeout), "65s");
    EXPECT_EQ(to_text(made.cells[1].scaled.client.idle_timeout), "2s");
    EXPECT_EQ(to_text(made.cells[3].scaled.server.keepalive_timeout), "130s");
    EXPECT_EQ(made.stages.size(), 1U);
    EXPECT_EQ(made.longest_cell(), duration(3s));
}

TEST_F(ExperimentFile, ZippedAxesAdvanceTogether) {
    const auto made = make_plan(read(R"(
[[sweep.zip]]
"server.keepalive_timeout" = ["65s", "130s"]
"server.keepalive_hint" = ["60s", "100s"]
)"),
                                profiles(), scale_sensitive_cells::leave_out);
    ASSERT_EQ(made.cells.size(), 2U);
    EXPECT_EQ(to_text(made.cells[1].unscaled.server.keepalive_hint), "100s");
}

TEST_F(ExperimentFile, SkewSetsTheServerBesideTheClient) {
    const auto made = make_plan(read(R"(
[client]
idle_timeout = "1s"
[sweep]
skew = { from = "-50ms", to = "50ms", step = "50ms" }
)"),
                                profiles(), scale_sensitive_cells::leave_out);
    ASSERT_EQ(made.cells.size(), 3U);
    EXPECT_EQ(to_text(made.cells[0].scaled.server.keepalive_timeout), "950ms");
    EXPECT_EQ(to_text(made.cells[2].scaled.server.keepalive_timeout), "1.05s");
}

TEST_F(ExperimentFile, ProfilesGiveWhatTheFileDoesNotSay) {
    const auto made = make_plan(
        read("[server]\nkeepalive_timeout = \"120s\"\nprofile = \"nginx\"\n[client]\nprofile = \"firefox\"\n"),
        profiles(), scale_sensitive_cells::leave_out);
    const auto& cell = made.cells.at(0).unscaled;
    EXPECT_EQ(cell.server.close_window, (time_window{120s, 120100ms}));  // nginx's lateness at another limit
    EXPECT_EQ(cell.client.close_window, (time_window{115s, 125s}));
    EXPECT_EQ(to_text(made.cells[0].predicted.first), "undecided");
}

TEST_F(ExperimentFile, SysctlsAndFamiliesMakeStagesOfTheirOwn) {
    const auto made = make_plan(read(R"(
[sweep]
"link.family" = ["ipv4", "ipv6"]
"sysctl.server.net.ipv4.tcp_fin_timeout" = ["60", "20"]
"server.keepalive_timeout" = ["1s", "2s"]
)"),
                                profiles(), scale_sensitive_cells::leave_out);
    EXPECT_EQ(made.cells.size(), 8U);
    EXPECT_EQ(made.stages.size(), 4U);
}

TEST_F(ExperimentFile, ALinkDelayMakesAStageAndIsNotScaled) {
    const auto plain =
        make_plan(read("[server]\nkeepalive_timeout = \"1s\"\n"), profiles(), scale_sensitive_cells::leave_out);
    const auto made = make_plan(read(R"(
[server]
keepalive_timeout = "1s"
[sweep]
"link.delay" = ["0s", "20ms"]
[run]
time_scale = 0.5
)"),
                                profiles(), scale_sensitive_cells::leave_out);
    ASSERT_EQ(made.cells.size(), 2U);
    EXPECT_EQ(made.stages.size(), 2U);
    EXPECT_EQ(made.cells[1].scaled.link_delay, duration(20ms));
    EXPECT_EQ(made.stages[made.cells[1].stage].link_delay, duration(20ms));
    const auto delay_of = [](const cell& one) {
        for (const auto& [name, text] : canonical(one.unscaled))
            if (name == "link.delay") return text;
        return std::string("unmentioned");
    };
    EXPECT_EQ(delay_of(plain.cells.at(0)), "unmentioned");
    EXPECT_EQ(delay_of(made.cells[0]), "0s");
    EXPECT_EQ(delay_of(made.cells[1]), "20ms");
}

// The limits come nearer to each other, the delay stays: FINs cross that did not.
TEST_F(ExperimentFile, ALinkDelayCanMakeACellScaleSensitive) {
    const std::string text = R"(
[server]
keepalive_timeout = "65s"
[client]
close_mode = "timer"
idle_timeout = "60s"
[run]
time_scale = 0.005
[link]
delay = )";
    EXPECT_EQ(make_plan(read(text + "\"0s\"\n"), profiles(), scale_sensitive_cells::leave_out).cells.size(), 1U);
    EXPECT_EQ(make_plan(read(text + "\"10ms\"\n"), profiles(), scale_sensitive_cells::leave_out).cells.size(), 1U);
    const auto careful = make_plan(read(text + "\"20ms\"\n"), profiles(), scale_sensitive_cells::leave_out);
    EXPECT_TRUE(careful.cells.empty());
    ASSERT_EQ(careful.left_out.size(), 1U);
}

TEST_F(ExperimentFile, ALinkDelayThatWouldMakeTheKernelRepeatItsSynIsRefused) {
    EXPECT_EQ(complaint("[link]\ndelay = \"400ms\"\n"), "accepted");
    EXPECT_NE(complaint("[link]\ndelay = \"401ms\"\n").find(":2:9: link.delay: 401ms is more than 400ms"),
              std::string::npos)
        << complaint("[link]\ndelay = \"401ms\"\n");
    EXPECT_NE(complaint("[link]\ndelay = \"20\"\n").find("unit"), std::string::npos);
    EXPECT_NE(complaint("[link]\ndelai = \"20ms\"\n").find("did you mean 'link.delay'?"), std::string::npos);
}

TEST_F(ExperimentFile, CellsWhoseEndingChangesWithTheScaleAreLeftOut) {
    const std::string text = R"(
[server]
keepalive_timeout = "5s"
[client]
idle_timeout = "200s"
close_mode = "lazy"
notices_fin = "lazy"
[scenario]
kind = "cadence"
requests = 2
[sweep]
"scenario.gap" = ["30s", "90s"]
[run]
time_scale = 0.1
)";
    const auto careful = make_plan(read(text), profiles(), scale_sensitive_cells::leave_out);
    ASSERT_EQ(careful.cells.size(), 1U);
    ASSERT_EQ(careful.left_out.size(), 1U);
    EXPECT_EQ(to_text(careful.left_out[0].unscaled.scenario.gap), "90s");
    EXPECT_EQ(make_plan(read(text), profiles(), scale_sensitive_cells::allow).cells.size(), 2U);
}

TEST_F(ExperimentFile, WhatTimesKernelConstantsIsLeftOutOfAScaledRun) {
    const auto what = read("[run]\ntime_scale = 0.1\nfollow_tables = true\n");
    const auto careful = make_plan(what, profiles(), scale_sensitive_cells::leave_out);
    EXPECT_TRUE(careful.cells.empty());
    ASSERT_EQ(careful.left_out.size(), 1U);
    EXPECT_FALSE(careful.left_out[0].why_not_scaled.empty());
    const auto at_scale_1 = read("[run]\nfollow_tables = true\n");
    EXPECT_EQ(make_plan(at_scale_1, profiles(), scale_sensitive_cells::leave_out).cells.size(), 1U);
}

TEST_F(ExperimentFile, AProgramBringsItsProfileAndIsToldWhatAPersonChose) {
    const auto made = make_plan(read(R"(
[client]
subject = "firefox"
[client.preference]
"a.b" = "0"
[server]
subject = "nginx"
[sweep]
"server.keepalive_timeout" = ["75s", "130s"]
)"),
                                profiles(), scale_sensitive_cells::leave_out);
    ASSERT_EQ(made.cells.size(), 2U);
    const auto& cell = made.cells[1].unscaled;
    EXPECT_EQ(cell.server_program.told, (std::map<std::string, std::string>{{"keepalive_timeout", "130s"}}));
    EXPECT_TRUE(cell.client_program.told.empty());
    EXPECT_EQ(to_text(cell.client.idle_timeout), "115s");
    EXPECT_EQ(made.cells[1].predicted.first, model::closer::client);
    // What it is told differs, so they are two programs.
    EXPECT_EQ(made.stages.size(), 2U);
    const auto params = canonical(cell);
    EXPECT_TRUE(std::ranges::is_sorted(params));
    const auto value = [&](const std::string& key) {
        return std::ranges::find(params, key, &std::pair<std::string, std::string>::first)->second;
    };
    EXPECT_EQ(value("server.subject"), "nginx");
    EXPECT_EQ(value("server.told"), "keepalive_timeout");
    EXPECT_EQ(value("client.preference.a.b"), "0");
    EXPECT_EQ(value("client.browser_age"), "0s");
}

TEST_F(ExperimentFile, BeingToldTheDefaultIsAnotherCell) {
    const auto plan_of = [&](const std::string& text) {
        return make_plan(read(text), profiles(), scale_sensitive_cells::leave_out);
    };
    const auto untold = plan_of("[server]\nsubject = \"nginx\"\n");
    const auto told = plan_of("[server]\nsubject = \"nginx\"\nkeepalive_timeout = \"75s\"\n");
    EXPECT_NE(untold.cells[0].id, told.cells[0].id);
}

TEST_F(ExperimentFile, ProgramsAreLeftOutAtOtherTimeScalesWhateverIsAllowed) {
    auto what = read("[server]\nsubject = \"nginx\"\n");
    what.time_scale = 0.1;
    const auto made = make_plan(what, profiles(), scale_sensitive_cells::allow);
    EXPECT_TRUE(made.cells.empty());
    EXPECT_EQ(made.left_out.at(0).why_not_scaled, "an external program keeps its own times");
}

TEST(CommittedExperiments, AllMakeAPlan) {
    std::size_t files = 0;
    for (const auto& each : std::filesystem::recursive_directory_iterator(FIRSTFIN_EXPERIMENTS)) {
        const auto& file = each.path();
        const auto folder = file.parent_path().filename();
        // Those of `firstfin bench` have a test of their own.
        if (file.extension() != ".toml" || folder == "profiles" || folder == "reuse") continue;
        ++files;
        try {
            const auto made = make_plan(read_experiment(file), profiles(), scale_sensitive_cells::allow);
            EXPECT_FALSE(made.cells.empty()) << file;
        } catch (const bad_input& refused) {
            ADD_FAILURE() << refused.what();
        }
    }
    EXPECT_GE(files, 30U);
}

TEST_F(ExperimentFile, AClaimIsReadWhole) {
    const auto what = read(R"(
[[expect]]
claim = "5"
said = "TIME_WAIT lasts 120 s"
measure = "time_wait_length"
article = "115s..130s"
today = "59.5s..69s"
because = "a constant"
occurs = true
[[expect]]
claim = 6
not_shown = "no witness"
)");
    ASSERT_EQ(what.expects.size(), 2U);
    EXPECT_EQ(what.expects[0].claim, "5");
    EXPECT_EQ(what.expects[0].said, "TIME_WAIT lasts 120 s");
    EXPECT_EQ(what.expects[0].because, "a constant");
    EXPECT_TRUE(what.expects[0].occurs);
    EXPECT_EQ(what.expects[1].claim, "6");
    EXPECT_EQ(what.expects[1].not_shown, "no witness");
}

TEST_F(ExperimentFile, OverridesReplaceBaseAndAxis) {
    auto what = read("[sweep]\n\"server.keepalive_timeout\" = [\"1s\", \"2s\"]\n");
    override_setting(what, "server.keepalive_timeout=120s");
    const auto made = make_plan(what, profiles(), scale_sensitive_cells::leave_out);
    ASSERT_EQ(made.cells.size(), 1U);
    EXPECT_EQ(to_text(made.cells[0].unscaled.server.keepalive_timeout), "120s");
}

struct complaint_row {
    const char* name;
    const char* text;
    const char* says;
};
class ExperimentComplaint : public ExperimentFile, public ::testing::WithParamInterface<complaint_row> {};

TEST_P(ExperimentComplaint, NamesPlaceAndRemedy) {
    const auto said = complaint(GetParam().text);
    EXPECT_NE(said.find(GetParam().says), std::string::npos) << said;
}

INSTANTIATE_TEST_SUITE_P(
    Names, ExperimentComplaint,
    ::testing::Values(
        complaint_row{"unknown_section", "titel = \"x\"\n",
                      ":1:1: unknown key 'titel' in an experiment; did you mean 'title'?"},
        complaint_row{"unknown_setting", "[server]\nkeepalive_timout = \"1s\"\n",
                      ":2:20: unknown setting 'server.keepalive_timout'; did you mean 'server.keepalive_timeout'?"},
        complaint_row{"no_unit", "[server]\nkeepalive_timeout = 65\n",
                      ":2:21: server.keepalive_timeout: '65' is not a duration: expected a number and a unit"},
        complaint_row{"wrong_unit", "[client]\nidle_timeout = \"5 seconds\"\n", "is not a duration"},
        complaint_row{"window_backwards", "[client]\nclose_window = \"125s..115s\"\n", "ends before it begins"},
        complaint_row{"empty_axis", "[sweep]\n\"client.idle_timeout\" = []\n",
                      ":2:25: the axis 'client.idle_timeout' is empty"},
        complaint_row{"empty_range",
                      "[sweep]\n\"client.idle_timeout\" = { from = \"2s\", to = \"1s\", step = \"1s\" }\n",
                      "the range from 2s to 1s is empty"},
        complaint_row{"range_without_step", "[sweep]\n\"client.idle_timeout\" = { from = \"2s\", to = \"1s\" }\n",
                      "'step' is missing"},
        complaint_row{"standing_still",
                      "[sweep]\n\"client.idle_timeout\" = { from = \"1s\", to = \"2s\", step = \"0\" }\n",
                      "step above zero"},
        complaint_row{"same_value_twice", "[sweep]\n\"client.idle_timeout\" = [\"1s\", \"1000ms\"]\n",
                      "holds 1s twice"},
        complaint_row{
            "zip_of_different_lengths",
            "[[sweep.zip]]\n\"client.idle_timeout\" = [\"1s\"]\n\"server.keepalive_timeout\" = [\"1s\", \"2s\"]\n",
            "same number of values"},
        complaint_row{"unknown_profile", "[client]\nprofile = \"firefix\"\n", "did you mean 'firefox'?"},
        complaint_row{"profile_on_the_wrong_side", "[server]\nprofile = \"firefox\"\n",
                      "cannot stand on the server's side"},
        complaint_row{"profile_without_a_limit", "[server]\nprofile = \"haproxy\"\n",
                      "has no built-in limit: set server.keepalive_timeout"},
        complaint_row{"unknown_outcome", "[[expect]]\ntoday = \"servr\"\n", "'servr' is no first_fin"},
        complaint_row{"expectation_without_today", "[[expect]]\narticle = \"server\"\n", "needs `today`"},
        complaint_row{"scale_out_of_range", "[run]\ntime_scale = 0\n", "expected a number from 0.0001"},
        complaint_row{"jitter_beyond_the_gap", "[scenario]\ngap = \"1s\"\njitter = \"2s\"\n",
                      "is longer than scenario.gap"},
        complaint_row{"unknown_program", "[server]\nsubject = \"ngnix\"\n", "did you mean 'nginx'?"},
        complaint_row{"a_setting_the_program_lacks", "[server]\nsubject = \"nginx\"\nresponse_delay = \"1s\"\n",
                      ":3:18: server.response_delay: nginx has no such setting; it can be told"},
        complaint_row{"an_age_without_a_program", "[client]\nbrowser_age = \"3s\"\n",
                      "needs a client program whose first request can be put off"},
        complaint_row{"a_preference_without_a_browser",
                      "[client]\nsubject = \"curl\"\n[client.preference]\n\"a.b\" = \"0\"\n",
                      ":4:9: client.preference.a.b: needs a client program with preferences"},
        complaint_row{"a_command_without_its_subject", "[server]\nsubject = \"nginx\"\ncommand = \"x\"\n",
                      "belongs to the subject 'command'"},
        complaint_row{"a_signal_to_a_policy", "[server]\nsignal = \"reload\"\n",
                      "needs a server program or a server.config"},
        complaint_row{"a_moment_without_a_signal", "[server]\nsubject = \"nginx\"\nsignal_after = \"1s\"\n",
                      "set server.signal too"},
        complaint_row{"a_server_program_on_ipv6", "[server]\nsubject = \"nginx\"\n[link]\nfamily = \"ipv6\"\n",
                      ":4:10: link.family: nginx is made to listen on IPv4 here"},
        complaint_row{"a_derived_setting", "[server]\nsubject = \"nginx\"\ntold = \"x\"\n", "unknown setting"},
        complaint_row{"not_toml", "[server\n", ":1:8:"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(ExperimentDraws, ComeFromSeedCellAndNumberAlone) {
    const auto one = draw(7, "0123456789abcdef", 3);
    EXPECT_EQ(one.client_window, draw(7, "0123456789abcdef", 3).client_window);
    EXPECT_NE(one.client_window, draw(8, "0123456789abcdef", 3).client_window);
    EXPECT_NE(one.client_window, draw(7, "0123456789abcdee", 3).client_window);
    EXPECT_NE(one.client_window, draw(7, "0123456789abcdef", 4).client_window);
    EXPECT_NE(one.client_window, one.server_window);
}

TEST(ExperimentDraws, SpreadOverTheWholeWindow) {
    double least = 1;
    double most = 0;
    double sum = 0;
    constexpr std::uint32_t many = 10'000;
    for (std::uint32_t number = 0; number < many; ++number) {
        const auto share = draw(1, "cell", number).client_window;
        least = std::min(least, share);
        most = std::max(most, share);
        sum += share;
    }
    EXPECT_LT(least, 0.01);
    EXPECT_GT(most, 0.99);
    EXPECT_NEAR(sum / many, 0.5, 0.02);
}

TEST(ExperimentCell, IdIsTheHashOfCanonicalParametersAlone) {
    const auto one = make_plan(
        [] {
            auto e = bare_experiment("nginx", "firefox");
            override_setting(e, "server.profile=nginx");
            override_setting(e, "server.keepalive_timeout=120s");
            return e;
        }(),
        profiles(), scale_sensitive_cells::leave_out);
    const auto same = make_plan(
        [] {
            auto e = bare_experiment("", "");
            override_setting(e, "server.keepalive_timeout=2m");
            override_setting(e, "server.profile=nginx");
            e.seed = 9;
            e.replicates = 5;
            return e;
        }(),
        profiles(), scale_sensitive_cells::leave_out);
    EXPECT_EQ(one.cells[0].id, same.cells[0].id);
    EXPECT_EQ(one.cells[0].id.size(), 16U);
}

}  // namespace
}  // namespace firstfin::experiment
