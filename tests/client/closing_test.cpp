// Who closes an idle connection, when and why: each close mode, windows, hints, limits, and what the server may do.
#include <ctime>

#include "tests/client/client_run.hpp"
#include "tests/client/scripted_server.hpp"

namespace firstfin::testing {
namespace {

using role::close_reason;
using role::event_kind;

const script answers_and_stays = answers() + script{reads_to_end()};

script answers_then_closes_after(duration time) {
    return answers() + script{waits(time), closes()};
}

duration thread_cpu_time() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

TEST(Closing, TimerSendsFinAtItsLimit) {
    const scripted_server server({answers_and_stays});
    const auto run = play(one_trial(server.where(), closing_after(60ms), asking(1)));
    ASSERT_TRUE(run.all_over);
    EXPECT_EQ(run.names(), "connected request_sent response_received close done");
    const auto close = run.only(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::idle_deadline);
    EXPECT_EQ(close.state_before, tcp_state::established);
    EXPECT_EQ(close.unread, 0U);
    EXPECT_FALSE(close.pending_fin);
    ASSERT_TRUE(close.lateness);
    EXPECT_GE(*close.lateness, 0ns);
    EXPECT_EQ(close.remote, server.where());
    EXPECT_EQ(close.local, run.only(event_kind::connected).local);
    EXPECT_ABOUT(run.idle_at_close(), 60ms);
    EXPECT_TRUE(server.wait_for(1)[0].eof);
}

TEST(Closing, RstStyleResets) {
    const scripted_server server({answers_and_stays});
    auto policy = closing_after(20ms);
    policy.close_style = client_close_style::rst;
    const auto run = play(one_trial(server.where(), policy, asking(1)));
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::idle_deadline);
    EXPECT_TRUE(server.wait_for(1)[0].reset);
}

TEST(Closing, RstStyleAnswersAFinWithAFin) {
    const scripted_server server({answers() + script{closes_half(), reads_to_end()}});
    auto policy = closing_after(10s);
    policy.close_style = client_close_style::rst;
    const auto run = play(one_trial(server.where(), policy, asking(1)));
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::peer_fin);
    EXPECT_TRUE(server.wait_for(1)[0].eof);
}

TEST(Closing, WindowAtTheTrialsShare) {
    const scripted_server server({answers_and_stays});
    auto policy = closing_after(20ms);
    policy.close_window = time_window{20ms, 420ms};
    auto order = one_trial(server.where(), policy, asking(1));
    order.trials.push_back(order.trials.front());
    order.trials[1].trial = 2;
    order.trials[1].window_share = 0.75;
    const auto run = play(order);
    EXPECT_ABOUT(run.idle_at_close(1), 20ms);
    EXPECT_ABOUT(run.idle_at_close(2), 320ms);
}

TEST(Closing, ZeroLimitClosesAfterTheResponse) {
    const scripted_server server({answers_and_stays});
    const auto run = play(one_trial(server.where(), closing_after(0ms), asking(3)));
    EXPECT_EQ(run.names(), "connected request_sent response_received close done");
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::policy);
}

TEST(Closing, NeverModeLeavesItToTheServer) {
    const scripted_server server({answers_then_closes_after(50ms)});
    auto policy = never_closing();
    policy.idle_timeout = 1ms;
    const auto run = play(one_trial(server.where(), policy, asking(1)));
    EXPECT_EQ(run.names(), "connected request_sent response_received eof close done");
    const auto close = run.only(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::peer_fin);
    EXPECT_EQ(close.state_before, tcp_state::close_wait);
    EXPECT_TRUE(close.pending_fin);
    EXPECT_GE(run.idle_at_close(), 49ms);
}

TEST(Closing, LazyPoolWithoutLaterActivityNeverLooks) {
    const scripted_server server({answers_then_closes_after(80ms)});
    auto policy = closing_after(10ms);
    policy.mode = close_mode::lazy;
    const auto run = play(one_trial(server.where(), policy, asking(1)));
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::peer_fin);
}

TEST(Closing, LazyPoolLooksAtTheNextRequest) {
    const scripted_server server({answers_and_stays});
    auto policy = closing_after(20ms);
    policy.mode = close_mode::lazy;
    const auto run = play(one_trial(server.where(), policy, playing(scenario_kind::cadence, 5, 60ms)));
    EXPECT_EQ(run.names(), "connected request_sent response_received close done");
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::pool);
    EXPECT_ABOUT(run.idle_at_close(), 60ms);
    EXPECT_EQ(server.wait_for(1)[0].requests.size(), 1U);
}

TEST(Closing, UnusedConnectionHasItsOwnLimit) {
    const scripted_server server({{reads_to_end()}});
    auto policy = closing_after(1ms);
    policy.unused_timeout = 60ms;
    const auto run = play(one_trial(server.where(), policy, asking(0)));
    EXPECT_EQ(run.names(), "connected close done");
    const auto close = run.only(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::unused_deadline);
    EXPECT_TRUE(close.lateness);
    EXPECT_ABOUT(run.idle_at_close(), 60ms);
}

TEST(Closing, UnusedLimitIsATimers) {
    const scripted_server server({{waits(60ms), closes()}});
    auto policy = closing_after(1ms);
    policy.mode = close_mode::lazy;
    policy.unused_timeout = 1ms;
    const auto run = play(one_trial(server.where(), policy, asking(0)));
    EXPECT_EQ(run.names(), "connected eof close done");
}

struct hint_row {
    std::string name;
    hint_use use;
    duration own_limit;
    duration slack;
    time_limit cap;
    duration expected;
};

class Hint : public ::testing::TestWithParam<hint_row> {};

// The server advertises 1 s; the trial runs at a scale of 0.1, so the hint means 100 ms.
TEST_P(Hint, MovesTheClose) {
    const scripted_server server({answers("Keep-Alive: timeout=1\r\n") + script{reads_to_end()}});
    auto policy = closing_after(GetParam().own_limit);
    policy.hint = GetParam().use;
    policy.hint_slack = GetParam().slack;
    policy.hint_cap = GetParam().cap;
    auto order = one_trial(server.where(), policy, asking(1));
    order.time_scale = 0.1;
    const auto run = play(order);
    EXPECT_ABOUT(run.idle_at_close(), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Hint,
    ::testing::Values(hint_row{"ignored", hint_use::ignore, 20ms, 0ms, time_limit::never(), 20ms},
                      hint_row{"followed_down", hint_use::follow, 5000ms, 0ms, time_limit::never(), 100ms},
                      hint_row{"followed_up", hint_use::follow, 10ms, 0ms, time_limit::never(), 100ms},
                      hint_row{"shortens", hint_use::shorten, 5000ms, 0ms, time_limit::never(), 100ms},
                      hint_row{"does_not_lengthen", hint_use::shorten, 20ms, 0ms, time_limit::never(), 20ms},
                      hint_row{"slack", hint_use::follow, 5000ms, 60ms, time_limit::never(), 40ms},
                      hint_row{"cap", hint_use::follow, 5000ms, 0ms, 30ms, 30ms}),
    [](const auto& row) { return row.param.name; });

TEST(Closing, RequestLimit) {
    const scripted_server server({times(2, answers()) + script{reads_to_end()}});
    auto policy = closing_after(10s);
    policy.max_requests.value = 2;
    const auto run = play(one_trial(server.where(), policy, asking(5)));
    EXPECT_EQ(run.names(), "connected request_sent response_received request_sent response_received close done");
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::policy);
    EXPECT_TRUE(server.wait_for(1)[0].eof);
}

TEST(Closing, ServerResetsAnIdleConnection) {
    const scripted_server server({answers() + script{waits(20ms), resets()}});
    const auto run = play(one_trial(server.where(), never_closing(), asking(1)));
    EXPECT_EQ(run.names(), "connected request_sent response_received reset close done");
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::peer_reset);
    EXPECT_EQ(run.only(event_kind::close).state_before, tcp_state::closed);
}

// 408 before the FIN, as some servers do: unread, it turns the client's FIN into a RST.
TEST(Closing, BytesThatNobodyAskedFor) {
    const scripted_server server(
        {answers() + script{waits(20ms), sends("HTTP/1.1 408 Request Timeout\r\n\r\n"), reads_to_end()}});
    const auto run = play(one_trial(server.where(), never_closing(), asking(1)));
    EXPECT_EQ(run.names(), "connected request_sent response_received close done");
    const auto close = run.only(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::bad_message);
    EXPECT_GT(close.unread, 0U);
    EXPECT_TRUE(server.wait_for(1)[0].reset);
}

TEST(Closing, TimerThatNoticesFinsLazilyClosesFromCloseWait) {
    const scripted_server server({answers_then_closes_after(0ms)});
    auto policy = closing_after(150ms);
    policy.notices_fin = fin_notice::lazy;
    const auto run = play(one_trial(server.where(), policy, asking(1)));
    EXPECT_EQ(run.names(), "connected request_sent response_received close done");
    const auto close = run.only(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::idle_deadline);
    EXPECT_EQ(close.state_before, tcp_state::close_wait);
    EXPECT_TRUE(close.pending_fin);
    EXPECT_ABOUT(run.idle_at_close(), 150ms);
}

TEST(Closing, LazyNoticeStaysInCloseWaitAndDoesNotSpin) {
    const scripted_server server({answers() + script{closes()}});
    auto policy = never_closing();
    policy.notices_fin = fin_notice::lazy;
    const auto before = thread_cpu_time();
    const auto run = play(one_trial(server.where(), policy, asking(1)), {}, 400ms);
    EXPECT_LT(thread_cpu_time() - before, 200ms);
    EXPECT_FALSE(run.all_over);
    EXPECT_EQ(run.names(), "connected request_sent response_received close");
    const auto close = run.only(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::shutdown);
    EXPECT_EQ(close.state_before, tcp_state::close_wait);
}

}  // namespace
}  // namespace firstfin::testing
