// Handlers that come too late: what both sides do in the same instant, a thousand times, and stops at any moment.
// Worth little without AddressSanitizer.
#include <algorithm>

#include "client/trial_runner.hpp"
#include "tests/client/client_run.hpp"
#include "tests/client/scripted_server.hpp"

namespace firstfin::testing {
namespace {

using role::close_reason;
using role::event_kind;

constexpr std::size_t pairs = 1000;
constexpr auto limit = 150ms;

role::client_order thousand(const endpoint& server, const client_policy& policy, const scenario& what) {
    auto out = one_trial(server, policy, what);
    out.trials.assign(pairs, out.trials.front());
    for (std::size_t i = 0; i < pairs; ++i) {
        out.trials[i].trial = i + 1;
        out.trials[i].seed = i;
    }
    return out;
}

std::size_t count(const client_run& run, event_kind kind) {
    return static_cast<std::size_t>(std::ranges::count(run.events, kind, &role::event::kind));
}

const script closes_at_the_limit = answers() + script{waits(limit), closes()};

TEST(Lifetime, EqualTimersOnBothSides) {
    const scripted_server server({closes_at_the_limit});
    const auto run = play(thousand(server.where(), closing_after(limit), asking(1)));
    EXPECT_TRUE(run.all_over);
    EXPECT_EQ(count(run, event_kind::close), pairs);
    EXPECT_EQ(count(run, event_kind::done), pairs);
    for (const auto& each : run.events)
        if (each.kind == event_kind::close) {
            EXPECT_TRUE(each.reason == close_reason::idle_deadline || each.reason == close_reason::peer_fin)
                << to_text(*each.reason);
        }
}

TEST(Lifetime, RequestsAtTheMomentOfTheServersClose) {
    const scripted_server server({closes_at_the_limit});
    auto policy = closing_after(10s);
    policy.retry = retry_rule::idempotent;
    const auto run = play(thousand(server.where(), policy, playing(scenario_kind::cadence, 2, limit)));
    EXPECT_TRUE(run.all_over);
    EXPECT_EQ(count(run, event_kind::done), pairs);
    for (const auto& each : run.events)
        if (each.kind == event_kind::close) {
            EXPECT_TRUE(each.reason == close_reason::lost_reuse || each.reason == close_reason::peer_fin ||
                        each.reason == close_reason::policy)
                << to_text(*each.reason);
        }
}

TEST(Lifetime, StoppedWhileEverythingEnds) {
    const scripted_server server({closes_at_the_limit});
    std::size_t closes = 0;
    const auto run = play(thousand(server.where(), closing_after(limit), asking(1)), [&](const role::event& said) {
        return said.kind == event_kind::close && ++closes == pairs / 3;
    });
    EXPECT_FALSE(run.all_over);
    EXPECT_LE(count(run, event_kind::done), pairs);
    for (std::uint64_t trial = 1; trial <= pairs; ++trial) {
        if (!run.of(event_kind::connected, trial).empty()) {
            EXPECT_EQ(run.of(event_kind::close, trial).size(), 1U) << run.names(trial);
        }
    }
}

TEST(Lifetime, StoppedWhileEverythingBegins) {
    const scripted_server server({closes_at_the_limit});
    std::size_t requests = 0;
    const auto run = play(thousand(server.where(), closing_after(limit), asking(1)), [&](const role::event& said) {
        return said.kind == event_kind::request_sent && ++requests == pairs / 3;
    });
    EXPECT_FALSE(run.all_over);
    const auto last =
        std::ranges::find_if(run.events, [](const auto& each) { return each.reason == close_reason::shutdown; });
    ASSERT_NE(last, run.events.end());
    for (auto each = last; each != run.events.end(); ++each)
        EXPECT_EQ(each->kind, event_kind::close);
}

// Thrown away in mid-life, as when an exception ends the program: idle ones, running exchanges, handshakes.
TEST(Lifetime, DestroyedWithEverythingUnderWay) {
    const scripted_server server({closes_at_the_limit});
    for (const auto when : {1ms, 20ms, 160ms}) {
        boost::asio::io_context loop{1};
        client::trial_runner runner(loop, thousand(server.where(), closing_after(limit), asking(2, 1ms)), {},
                                    [](const role::event&) {});
        runner.start(steady::now(), [] {});
        loop.run_for(when);
    }
}

}  // namespace
}  // namespace firstfin::testing
