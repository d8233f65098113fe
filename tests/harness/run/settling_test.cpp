#include "harness/run/settling.hpp"

#include <gtest/gtest.h>

#include "tests/harness/verdict/story.hpp"

namespace firstfin::run {
namespace {

using namespace std::chrono_literals;
using testing::story;

settling asked(std::uint32_t times, bool settled) {
    settling one;
    one.since = time_point(10s);
    one.asked = times;
    one.tables_settled = settled;
    return one;
}

story closed() {
    return story()
        .handshake()
        .request()
        .response()
        .fin(side::server)
        .ack(side::client)
        .fin(side::client)
        .ack(side::server);
}

TEST(Settling, AsksAtOnceThenAfter1And10And100MsThenEvery100Ms) {
    std::vector<duration> schedule;
    for (std::uint32_t times = 0; times < 6; ++times)
        schedule.push_back(next_question(asked(times, false)) - time_point(10s));
    EXPECT_EQ(schedule, (std::vector<duration>{0ms, 1ms, 10ms, 100ms, 200ms, 300ms}));
}

TEST(Settling, WaitsWhileAStateIsTransient) {
    EXPECT_EQ(readiness_of(asked(2, false), closed().told(), time_point(10s + 20ms)), readiness::wait);
    EXPECT_EQ(readiness_of(asked(3, true), closed().told(), time_point(10s + 20ms)), readiness::ready);
}

TEST(Settling, TakesATransientStateForTheAnswerBeforeTimeWaitItselfEnds) {
    EXPECT_EQ(readiness_of(asked(500, false), closed().told(), time_point(10s + 50s)), readiness::ready);
}

TEST(Settling, WaitsForTheWireAndThenSaysThatItIsMissing) {
    const auto incomplete = closed().lose_last_segment().told();
    EXPECT_EQ(readiness_of(asked(1, true), incomplete, time_point(10s + 100ms)), readiness::wait);
    EXPECT_EQ(readiness_of(asked(1, true), incomplete, time_point(10s + 2s)), readiness::ready_without_wire);
}

TEST(Settling, ADeadlineTakesWhatIsThere) {
    auto one = asked(1, false);
    one.at_deadline = true;
    const auto open = story().handshake().told();
    EXPECT_EQ(readiness_of(one, open, time_point(10s)), readiness::wait);  // segments may be under way to us
    EXPECT_EQ(readiness_of(one, open, time_point(10s + 50ms)), readiness::ready);
}

TEST(Settling, NothingIsReadyBeforeTheTablesWereAsked) {
    EXPECT_EQ(readiness_of(asked(0, false), closed().told(), time_point(70s)), readiness::wait);
}

TEST(Settling, TheWireIsCompleteWithBothFinsAcknowledgedOrAReset) {
    EXPECT_TRUE(wire_is_complete(closed().told().segments));
    EXPECT_FALSE(wire_is_complete(closed().lose_last_segment().told().segments));
    EXPECT_FALSE(wire_is_complete(story().handshake().fin(side::server).ack(side::client).told().segments));
    EXPECT_TRUE(wire_is_complete(story().handshake().rst(side::client).told().segments));
}

TEST(Settling, FollowsAStateUntilItsOwnTimerEndsIt) {
    auto one = asked(5, false);
    one.follow = 70s;
    EXPECT_EQ(readiness_of(one, closed().told(), time_point(10s + 60s)), readiness::wait);
    EXPECT_EQ(readiness_of(one, closed().told(), time_point(10s + 70s)), readiness::ready);
    one.tables_settled = true;
    EXPECT_EQ(readiness_of(one, closed().told(), time_point(10s + 60s)), readiness::ready);
    // Half closed for good: there is no last segment to wait for.
    EXPECT_EQ(readiness_of(one, story().handshake().fin(side::server).told(), time_point(10s + 20s)), readiness::ready);
}

TEST(Settling, WhatRunsOutByItself) {
    for (const auto state : {tcp_state::fin_wait_1, tcp_state::fin_wait_2, tcp_state::time_wait, tcp_state::last_ack})
        EXPECT_TRUE(runs_out(state)) << to_text(state);
    for (const auto state : {tcp_state::established, tcp_state::close_wait, tcp_state::closed})
        EXPECT_FALSE(runs_out(state)) << to_text(state);
    EXPECT_FALSE(runs_out(std::nullopt));
}

TEST(Settling, KeepsTheFirstAndTheLastAnswerOfAStateThatStays) {
    std::vector<witness::state_sample> samples;
    for (int tenth = 0; tenth < 600; ++tenth) {
        add_answer(samples, {time_point(100ms * tenth), side::server, tcp_state::time_wait});
        add_answer(samples, {time_point(100ms * tenth), side::client, std::nullopt});
    }
    add_answer(samples, {time_point(60s), side::server, std::nullopt});
    std::vector<std::pair<duration, bool>> of_server;
    for (const auto& each : samples)
        if (each.of == side::server) of_server.emplace_back(each.at.time_since_epoch(), each.state.has_value());
    EXPECT_EQ(of_server, (std::vector<std::pair<duration, bool>>{{0ms, true}, {59900ms, true}, {60s, false}}));
    EXPECT_EQ(samples.size(), 5U);
}

}  // namespace
}  // namespace firstfin::run
