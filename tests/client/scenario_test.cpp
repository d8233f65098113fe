// What each scenario puts on the wire, and how it ends.
#include "tests/client/client_run.hpp"
#include "tests/client/scripted_server.hpp"

namespace firstfin::testing {
namespace {

using role::close_reason;
using role::event_kind;

constexpr auto one_exchange = "connected request_sent response_received ";

scenario raw(std::string bytes) {
    auto out = playing(scenario_kind::raw);
    out.raw = std::move(bytes);
    return out;
}

client_policy waiting_for_fin() {
    auto out = closing_after(10s);
    out.on_close_header = close_header_reaction::wait;
    return out;
}

TEST(Scenario, IdleAsksWithGapsAndJitter) {
    const scripted_server server({times(4, answers()) + script{reads_to_end()}});
    auto what = asking(4, 40ms);
    what.jitter = 20ms;
    const auto run = play(one_trial(server.where(), closing_after(200ms), what));
    const auto requests = run.of(event_kind::request_sent);
    const auto responses = run.of(event_kind::response_received);
    ASSERT_EQ(requests.size(), 4U);
    ASSERT_EQ(responses.size(), 4U);
    for (std::uint32_t i = 0; i < 4; ++i) {
        EXPECT_EQ(requests[i].request, i + 1);
        EXPECT_EQ(responses[i].request, i + 1);
        EXPECT_EQ(responses[i].status, 200U);
        if (i > 0) {
            EXPECT_ABOUT(requests[i].at - responses[i - 1].at, 20ms);
        }
    }
    EXPECT_ABOUT(run.idle_at_close(), 200ms);
    const auto text = server.wait_for(1)[0].requests.at(0);
    EXPECT_EQ(text, "GET / HTTP/1.1\r\nHost: " + to_text(server.where()) + "\r\nUser-Agent: firstfin\r\n\r\n");
}

TEST(Scenario, ConnectionCloseSaysSoWithTheLastRequest) {
    const scripted_server server({times(2, answers()) + script{reads_to_end()}});
    const auto run = play(one_trial(server.where(), closing_after(10s), playing(scenario_kind::connection_close, 2)));
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::policy);
    EXPECT_FALSE(run.of(event_kind::request_sent).at(0).says_close);
    EXPECT_TRUE(run.of(event_kind::request_sent).at(1).says_close);
    const auto seen = server.wait_for(1)[0];
    EXPECT_TRUE(seen.eof);
    EXPECT_EQ(seen.requests.at(0).find("Connection: close"), std::string::npos);
    EXPECT_NE(seen.requests.at(1).find("Connection: close"), std::string::npos);
}

TEST(Scenario, ConnectionCloseWaitsForTheServersFin) {
    const scripted_server server({answers("Connection: close\r\n") + script{waits(60ms), closes()}});
    const auto run = play(one_trial(server.where(), waiting_for_fin(), playing(scenario_kind::connection_close)));
    EXPECT_EQ(run.names(), one_exchange + std::string("eof close done"));
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::peer_fin);
    EXPECT_EQ(run.only(event_kind::close).state_before, tcp_state::close_wait);
    EXPECT_TRUE(run.only(event_kind::response_received).says_close);
}

TEST(Scenario, ServersCloseHeaderEndsAnyScenario) {
    const scripted_server server({answers("Connection: close\r\n") + script{reads_to_end()}});
    const auto run = play(one_trial(server.where(), closing_after(10s), playing(scenario_kind::cadence, 3, 10ms)));
    EXPECT_EQ(run.names(), one_exchange + std::string("close done"));
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::policy);
    EXPECT_EQ(run.only(event_kind::close).state_before, tcp_state::established);
}

TEST(Scenario, WaitingForTheServersFinTakesWhateverElseComes) {
    const scripted_server server(
        {answers("Connection: close\r\n") + script{waits(20ms), sends(std::string(100'000, 'x')), closes()}});
    const auto run = play(one_trial(server.where(), waiting_for_fin(), asking(1)));
    EXPECT_EQ(run.names(), one_exchange + std::string("eof close done"));
    EXPECT_EQ(run.only(event_kind::close).unread, 0U);
}

TEST(Scenario, Http10WithoutKeepAliveMeansClose) {
    const scripted_server server(
        {{reads_request(), sends("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi"), reads_to_end()}});
    const auto run = play(one_trial(server.where(), closing_after(10s), asking(1)));
    EXPECT_TRUE(run.only(event_kind::response_received).says_close);
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::policy);
}

TEST(Scenario, Http10WithKeepAliveIsKept) {
    const scripted_server server(
        {{reads_request(), sends("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi"),
          reads_to_end()}});
    const auto run = play(one_trial(server.where(), closing_after(30ms), asking(1)));
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::idle_deadline);
}

TEST(Scenario, BodyThatOnlyTheFinEnds) {
    const scripted_server server({{reads_request(), sends("HTTP/1.1 200 OK\r\n\r\nhello"), waits(30ms), closes()}});
    const auto run = play(one_trial(server.where(), waiting_for_fin(), asking(3)));
    EXPECT_EQ(run.names(), one_exchange + std::string("eof close done"));
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::peer_fin);
}

TEST(Scenario, HeadResponsesHaveNoBody) {
    const scripted_server server(
        {times(2, {reads_request(), sends("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")}) +
         script{reads_to_end()}});
    auto what = asking(2, 10ms);
    what.method = "HEAD";
    const auto run = play(one_trial(server.where(), closing_after(30ms), what));
    EXPECT_EQ(run.of(event_kind::response_received).size(), 2U);
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::idle_deadline);
}

TEST(Scenario, BodiesOfAnySizeAndInterimResponses) {
    const std::string big(3'000'000, 'b');
    const scripted_server server(
        {{reads_request(),
          sends("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + big),
          reads_request(),
          sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2dc6c0\r\n" + big + "\r\n0\r\n\r\n"),
          reads_to_end()}});
    const auto run = play(one_trial(server.where(), closing_after(30ms), asking(2)));
    EXPECT_EQ(run.of(event_kind::response_received).size(), 2U) << run.names();
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::idle_deadline);
    EXPECT_EQ(run.only(event_kind::close).unread, 0U);
}

TEST(Scenario, CadenceLastsAsLongAsTheConnection) {
    const scripted_server server({times(2, answers()) + script{waits(10ms), closes()}});
    const auto run = play(one_trial(server.where(), closing_after(10s), playing(scenario_kind::cadence, 100, 60ms)));
    EXPECT_EQ(run.of(event_kind::request_sent).size(), 2U);
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::peer_fin);
    EXPECT_EQ(run.names(), "connected request_sent response_received request_sent response_received eof close done");
}

TEST(Scenario, AbortAfterTheResponse) {
    const scripted_server server({answers() + script{reads_to_end()}});
    const auto run = play(one_trial(server.where(), closing_after(10s), playing(scenario_kind::abort)));
    EXPECT_EQ(run.names(), one_exchange + std::string("close done"));
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::aborted);
    EXPECT_TRUE(server.wait_for(1)[0].reset);
}

TEST(Scenario, AbortWithARequestInFlight) {
    const scripted_server server({answers() + script{reads_to_end()}});
    auto what = playing(scenario_kind::abort, 2, 10ms);
    what.abort_at = abort_moment::in_flight;
    const auto run = play(one_trial(server.where(), closing_after(10s), what));
    EXPECT_EQ(run.names(), "connected request_sent response_received request_sent close done");
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::aborted);
    EXPECT_TRUE(server.wait_for(1)[0].reset);
}

TEST(Scenario, AbortWithoutARequest) {
    const scripted_server server({{reads_to_end()}});
    const auto run = play(one_trial(server.where(), closing_after(10s), playing(scenario_kind::abort, 0)));
    EXPECT_EQ(run.names(), "connected close done");
    EXPECT_TRUE(server.wait_for(1)[0].reset);
}

// The close event is the moment of the FIN: later, the kernel no longer tells who was first.
TEST(Scenario, HalfCloseReadsOn) {
    const scripted_server server({answers() + script{reads_to_end(), sends("more"), waits(40ms), closes()}});
    const auto run = play(one_trial(server.where(), closing_after(10s), playing(scenario_kind::half_close)));
    EXPECT_EQ(run.names(), one_exchange + std::string("close eof done"));
    const auto close = run.only(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::policy);
    EXPECT_EQ(close.state_before, tcp_state::established);
    EXPECT_EQ(close.detail, "half-close");
    EXPECT_GE(run.only(event_kind::eof).at - close.at, 39ms);
    EXPECT_TRUE(server.wait_for(1)[0].eof);
}

TEST(Scenario, HalfCloseThatMeetsAReset) {
    const scripted_server server({answers() + script{reads_to_end(), resets()}});
    const auto run = play(one_trial(server.where(), closing_after(10s), playing(scenario_kind::half_close)));
    EXPECT_EQ(run.names(), one_exchange + std::string("close reset done"));
}

TEST(Scenario, HalfCloseThatNobodyAnswersStaysOpen) {
    const scripted_server server({answers() + script{holds()}});
    const auto run =
        play(one_trial(server.where(), closing_after(10ms), playing(scenario_kind::half_close)), {}, 150ms);
    EXPECT_FALSE(run.all_over);
    EXPECT_EQ(run.names(), one_exchange + std::string("close"));
}

TEST(Scenario, RawBytesAndTheirResponse) {
    const scripted_server server(
        {{reads_request(), sends("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), waits(40ms), closes()}});
    const auto run = play(one_trial(server.where(), closing_after(1ms), raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n")));
    EXPECT_EQ(run.names(), one_exchange + std::string("eof close done"));
    EXPECT_EQ(run.only(event_kind::response_received).status, 200U);
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::peer_fin);
    EXPECT_GE(run.idle_at_close(), 39ms);
    EXPECT_EQ(server.wait_for(1)[0].requests.at(0), "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
}

TEST(Scenario, RawBytesThatAreNotHttp) {
    const scripted_server server({{waits(10ms), sends("220 mail.example\r\n"), closes()}});
    const auto run = play(one_trial(server.where(), closing_after(1ms), raw("EHLO")));
    EXPECT_EQ(run.of(event_kind::response_received).size(), 0U);
    EXPECT_EQ(run.of(event_kind::close).at(0).reason,
              run.of(event_kind::eof).empty() ? close_reason::peer_reset : close_reason::peer_fin);
}

TEST(Scenario, RawBytesThatAreReset) {
    const scripted_server server({{waits(20ms), resets()}});
    const auto run = play(one_trial(server.where(), closing_after(1ms), raw("GET")));
    EXPECT_EQ(run.names(), "connected request_sent reset close done");
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::peer_reset);
}

TEST(Scenario, MoreRawBytesThanAnybodyReads) {
    const scripted_server server({{waits(50ms), resets()}});
    const auto run = play(one_trial(server.where(), closing_after(1ms), raw(std::string(20'000'000, 'r'))));
    EXPECT_EQ(run.names(), "connected request_sent reset close done");
}

TEST(Scenario, ResponseThatIsNotHttp) {
    const scripted_server server({{reads_request(), sends("220 mail.example ESMTP\r\n\r\n"), reads_to_end()}});
    const auto run = play(one_trial(server.where(), closing_after(1ms), asking(1)));
    EXPECT_EQ(run.names(), "connected request_sent close done");
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::bad_message);
}

TEST(Scenario, MoreBytesThanTheResponse) {
    const scripted_server server(
        {{reads_request(), sends("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi there"), reads_to_end()}});
    const auto run = play(one_trial(server.where(), closing_after(1s), asking(1)));
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::bad_message);
}

TEST(Scenario, ResponseCutShort) {
    const scripted_server server(
        {{reads_request(), sends("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi"), closes()}});
    auto policy = closing_after(1s);
    policy.retry = retry_rule::all;
    const auto run = play(one_trial(server.where(), policy, asking(1)));
    EXPECT_EQ(run.names(), "connected request_sent eof close done");
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::peer_fin);
    EXPECT_EQ(run.only(event_kind::close).detail, "in the middle of the response");
}

}  // namespace
}  // namespace firstfin::testing
