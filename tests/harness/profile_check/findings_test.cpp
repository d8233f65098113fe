#include "harness/profile_check/findings.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/experiment/plan.hpp"

namespace firstfin::profile_check {
namespace {

using namespace std::chrono_literals;

const catalogue& profiles() {
    static const auto all = catalogue::load(FIRSTFIN_PROFILES);
    return all;
}

const profile& named(const std::string& id) {
    return *std::ranges::find(profiles().all(), id, &profile::id);
}

/// A run of questions(), as its cells came out.
struct answered {
    party first_fin = party::none;
    ending how = ending::orderly;
    duration idle{};
};

report::summary run_of(const profile& claimed, const std::vector<answered>& answers) {
    const auto made = experiment::make_plan(questions(claimed, *subject_of(claimed), 3), profiles(),
                                            experiment::scale_sensitive_cells::leave_out);
    report::summary out;
    for (std::size_t at = 0; at < made.cells.size() && at < answers.size(); ++at) {
        auto& cell = out.cells.emplace_back();
        cell.cell.params = experiment::canonical(made.cells[at].unscaled);
        for (int trial = 0; trial < 3; ++trial) {
            verdict one;
            one.first_fin = answers[at].first_fin;
            one.ending = answers[at].how;
            cell.counts.add(one);
        }
        if (answers[at].first_fin != party::none)
            cell.idle_at_close = report::spread{answers[at].idle, answers[at].idle, answers[at].idle, answers[at].idle};
    }
    return out;
}

std::vector<bool> holds(const std::string& id, const std::vector<answered>& answers) {
    std::vector<bool> out;
    for (const auto& one : findings(named(id), run_of(named(id), answers)))
        out.push_back(one.holds);
    return out;
}

constexpr auto server = party::server;
constexpr auto client = party::client;
const answered open{party::none, ending::open, {}};
const answered fin_answered{server, ending::orderly, 2s};
const answered fin_unseen{server, ending::half_closed, 2s};
using all = std::vector<bool>;

TEST(ProfileCheck, AServersLimitHasAWindow) {
    EXPECT_EQ(holds("nginx", {{server, ending::orderly, 75'050ms}}), all{true});
    EXPECT_EQ(holds("nginx", {{server, ending::orderly, 74s}}), all{false});
    EXPECT_EQ(holds("nginx", {{server, ending::orderly, 76s}}), all{false});
    EXPECT_EQ(holds("nginx", {{client, ending::orderly, 75s}}), all{false});
    EXPECT_EQ(holds("nginx", {open}), all{false});
}

TEST(ProfileCheck, AServerWithoutALimitIsToldOne) {
    const auto asked = questions(named("haproxy-downstream"), "haproxy", 3);
    EXPECT_TRUE(std::ranges::any_of(
        asked.base, [](const auto& one) { return one.key == "server.keepalive_timeout" && one.text == "10s"; }));
    EXPECT_EQ(holds("haproxy-downstream", {{server, ending::orderly, 10s}}), all{true});
}

TEST(ProfileCheck, ATimerClientFollowsItsHintAndAnswersTheFin) {
    const answered limit{client, ending::orderly, 120s};
    const answered hinted{client, ending::orderly, 20'100ms};
    EXPECT_EQ(holds("firefox", {limit, hinted, fin_answered}), (all{true, true, true}));
    EXPECT_EQ(holds("firefox", {{client, ending::orderly, 126s}, hinted, fin_answered}), (all{false, true, true}));
    EXPECT_EQ(holds("firefox", {limit, limit, fin_answered}), (all{true, false, true}));
    EXPECT_EQ(holds("firefox", {limit, hinted, fin_unseen}), (all{true, true, false}));
}

TEST(ProfileCheck, ALazyClientClosesNothingByItself) {
    EXPECT_EQ(holds("chromium", {open, open, fin_unseen}), (all{true, true, true}));
    EXPECT_EQ(holds("chromium", {{client, ending::orderly, 300s}, open, fin_answered}), (all{false, true, false}));
    // Long enough to see that the limit of its pool is no timer.
    EXPECT_GE(observed(named("chromium")), 305s);
}

TEST(ProfileCheck, WhatWasNotMeasuredDoesNotHold) {
    EXPECT_EQ(holds("firefox", {}), (all{false, false, false}));
}

TEST(ProfileCheck, NotEveryProfileHasItsProgramHere) {
    EXPECT_EQ(subject_of(named("firefox")), "firefox");
    EXPECT_EQ(subject_of(named("nginx")), "nginx");
    EXPECT_FALSE(subject_of(named("aws-alb-upstream")));
}

}  // namespace
}  // namespace firstfin::profile_check
