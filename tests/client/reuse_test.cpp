// Requests that meet a dying connection, and pools that look before they reuse.
#include "tests/client/client_run.hpp"
#include "tests/client/scripted_server.hpp"

namespace firstfin::testing {
namespace {

using role::close_reason;
using role::event_kind;

constexpr auto one_exchange = "connected request_sent response_received ";

const script closes_on_the_second_request = answers() + script{reads_request(), closes()};
const script resets_on_the_second_request = answers() + script{reads_request(), resets()};

client_policy retrying(retry_rule rule) {
    auto out = closing_after(10s);
    out.retry = rule;
    return out;
}

client_policy noticing_lazily() {
    auto out = never_closing();
    out.notices_fin = fin_notice::lazy;
    return out;
}

scenario posting() {
    auto out = playing(scenario_kind::cadence, 3, 10ms);
    out.method = "POST";
    return out;
}

const auto getting = playing(scenario_kind::cadence, 3, 10ms);

TEST(Reuse, LostRequestEndsTheTrialWithoutRetry) {
    const scripted_server server({closes_on_the_second_request});
    const auto run = play(one_trial(server.where(), retrying(retry_rule::none), getting));
    EXPECT_EQ(run.names(), one_exchange + std::string("request_sent eof close done"));
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::lost_reuse);
    EXPECT_FALSE(run.of(event_kind::request_sent).at(1).pending_fin);
}

TEST(Reuse, RequestLostToAReset) {
    const scripted_server server({resets_on_the_second_request});
    const auto run = play(one_trial(server.where(), retrying(retry_rule::none), getting));
    EXPECT_EQ(run.names(), one_exchange + std::string("request_sent reset close done"));
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::lost_reuse);
}

TEST(Reuse, LostRequestIsSentAgainOnAFreshConnection) {
    const scripted_server server({closes_on_the_second_request, answers() + script{reads_to_end()}});
    const auto run = play(one_trial(server.where(), retrying(retry_rule::idempotent), getting));
    EXPECT_EQ(run.names(), one_exchange + std::string("request_sent eof close ") + one_exchange + "close done");
    const auto closes = run.of(event_kind::close);
    ASSERT_EQ(closes.size(), 2U);
    EXPECT_EQ(closes[0].reason, close_reason::lost_reuse);
    EXPECT_EQ(closes[0].conn, 1U);
    EXPECT_EQ(closes[1].reason, close_reason::policy);
    EXPECT_EQ(closes[1].conn, 2U);
    EXPECT_NE(closes[0].local, closes[1].local);
    EXPECT_EQ(run.of(event_kind::request_sent).back().request, 1U);
    EXPECT_TRUE(server.wait_for(2)[1].eof);
}

TEST(Reuse, NeverSentAThirdTime) {
    const scripted_server server({closes_on_the_second_request, {reads_request(), closes()}});
    const auto run = play(one_trial(server.where(), retrying(retry_rule::all), getting));
    EXPECT_EQ(run.names(), one_exchange + std::string("request_sent eof close connected request_sent eof close done"));
    EXPECT_EQ(run.of(event_kind::close).back().reason, close_reason::peer_fin);
}

TEST(Reuse, PostIsNotSentAgainUnasked) {
    const scripted_server server({closes_on_the_second_request});
    const auto run = play(one_trial(server.where(), retrying(retry_rule::idempotent), posting()));
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::lost_reuse);
}

TEST(Reuse, PostIsSentAgainWhereAllAre) {
    const scripted_server server({resets_on_the_second_request, answers() + script{reads_to_end()}});
    const auto run = play(one_trial(server.where(), retrying(retry_rule::all), posting()));
    EXPECT_EQ(run.of(event_kind::response_received).size(), 2U);
    EXPECT_EQ(server.wait_for(2)[1].requests.at(0).substr(0, 5), "POST ");
}

TEST(Reuse, RepeatedRequestKeepsItsConnectionClose) {
    const scripted_server server(
        {closes_on_the_second_request, answers("Connection: close\r\n") + script{reads_to_end()}});
    const auto run = play(
        one_trial(server.where(), retrying(retry_rule::idempotent), playing(scenario_kind::connection_close, 2, 10ms)));
    EXPECT_TRUE(run.of(event_kind::request_sent).back().says_close);
    EXPECT_NE(server.wait_for(2)[1].requests.at(0).find("Connection: close"), std::string::npos);
}

TEST(Reuse, AFirstRequestIsNotAReuse) {
    const scripted_server server({{reads_request(), closes()}});
    const auto run = play(one_trial(server.where(), retrying(retry_rule::all), getting));
    EXPECT_EQ(run.names(), "connected request_sent eof close done");
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::peer_fin);
}

TEST(Reuse, LazyPoolFindsThePendingFin) {
    const scripted_server server({answers() + script{closes()}});
    const auto run = play(one_trial(server.where(), noticing_lazily(), playing(scenario_kind::cadence, 3, 60ms)));
    EXPECT_EQ(run.names(), one_exchange + std::string("eof close done"));
    const auto close = run.only(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::peer_fin);
    EXPECT_EQ(close.state_before, tcp_state::close_wait);
    EXPECT_ABOUT(run.idle_at_close(), 60ms);
}

TEST(Reuse, LazyPoolFindsTheReset) {
    const scripted_server server({answers() + script{resets()}});
    const auto run = play(one_trial(server.where(), noticing_lazily(), playing(scenario_kind::cadence, 3, 60ms)));
    EXPECT_EQ(run.names(), one_exchange + std::string("reset close done"));
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::peer_reset);
}

TEST(Reuse, LazyPoolReusesAQuietConnection) {
    const scripted_server server({times(3, answers()) + script{waits(10ms), closes()}});
    const auto run =
        play(one_trial(server.where(), noticing_lazily(), playing(scenario_kind::cadence, 3, 30ms)), {}, 400ms);
    EXPECT_EQ(run.of(event_kind::response_received).size(), 3U);
    EXPECT_EQ(run.of(event_kind::eof).size(), 0U);
}

}  // namespace
}  // namespace firstfin::testing
