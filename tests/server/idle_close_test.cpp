#include <gtest/gtest.h>

#include <thread>

#include "tests/server/support/server_thread.hpp"
#include "tests/server/support/test_client.hpp"

// When and why the server ends a connection by itself. Times are never expected to be short, only not to be too short.

namespace firstfin::test {
namespace {

using namespace std::chrono_literals;
using role::close_reason;
using role::event_kind;

server_policy quick(time_limit timeout) {
    server_policy out;
    out.keepalive_timeout = timeout;
    return out;
}

TEST(IdleClose, ComesAtTheLimitAfterTheLastResponse) {
    server_thread server(quick(60ms));
    test_client client(server.where());
    EXPECT_TRUE(client.request().says("Connection: keep-alive\r\n"));
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    const auto close = server.log.await(event_kind::close);
    const auto sent = server.log.await(event_kind::response_sent);
    EXPECT_EQ(close.reason, close_reason::idle_deadline);
    EXPECT_EQ(close.state_before, tcp_state::established);
    EXPECT_EQ(close.unread, 0U);
    EXPECT_FALSE(close.pending_fin);
    EXPECT_GE(close.at - sent.at, 60ms);
    ASSERT_TRUE(close.lateness);
    EXPECT_GE(*close.lateness, 0ns);
    EXPECT_EQ(server.log.story(), "accepted request_received response_sent close");
}

TEST(IdleClose, CountsFromTheLastOfSeveralRequests) {
    server_thread server(quick(60ms));
    test_client client(server.where());
    (void)client.request();
    std::this_thread::sleep_for(20ms);
    (void)client.request();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    const auto second = server.log.await(
        [](const role::event& what) { return what.kind == event_kind::response_sent && what.request == 2; });
    EXPECT_GE(server.log.await(event_kind::close).at - second.at, 60ms);
}

TEST(IdleClose, EventsCarryTheEndpoints) {
    server_thread server(quick(20ms));
    test_client client(server.where());
    (void)client.request();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    const auto accepted = server.log.await(event_kind::accepted);
    const auto close = server.log.await(event_kind::close);
    EXPECT_EQ(accepted.local, server.where());
    EXPECT_EQ(close.local, server.where());
    EXPECT_EQ(close.remote, accepted.remote);
    EXPECT_NE(accepted.remote->port(), 0);
}

TEST(IdleClose, WithTimeoutZeroFollowsTheResponse) {
    server_thread server(quick(0s));
    test_client client(server.where());
    EXPECT_TRUE(client.request().says("Connection: close\r\n"));
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::policy);
    EXPECT_TRUE(server.log.await(event_kind::response_sent).says_close);
}

TEST(IdleClose, NeverComesWithoutALimit) {
    server_thread server({quick(time_limit::never()), quick(50ms)});
    test_client patient(server.where(0));
    test_client witness(server.where(1));
    (void)patient.request();
    (void)witness.request();
    EXPECT_EQ(witness.read_to_end(), ended::by_eof);
    EXPECT_EQ(patient.request().status, 200);
    EXPECT_EQ(server.log.count(event_kind::close), 1U);
}

TEST(IdleClose, KeepsToItsWindow) {
    auto policy = quick(20ms);
    policy.close_window = time_window{50ms, 70ms};
    server_thread server(policy);
    test_client client(server.where());
    (void)client.request();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    EXPECT_GE(server.log.await(event_kind::close).at - server.log.await(event_kind::response_sent).at, 50ms);
}

TEST(RequestLimit, TheLastResponseSaysClose) {
    auto policy = quick(10s);
    policy.keepalive_requests = {2};
    server_thread server(policy);
    test_client client(server.where());
    EXPECT_TRUE(client.request().says("Connection: keep-alive\r\n"));
    EXPECT_TRUE(client.request().says("Connection: close\r\n"));
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::policy);
}

TEST(AgeLimit, IsLookedAtWhenARequestArrives) {
    auto policy = quick(10s);
    policy.keepalive_time = 30ms;
    server_thread server(policy);
    test_client client(server.where());
    std::this_thread::sleep_for(40ms);
    EXPECT_TRUE(client.request().says("Connection: close\r\n"));
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::policy);
}

TEST(HeaderLimit, EndsAConnectionThatWasNeverUsed) {
    auto policy = quick(10s);
    policy.header_timeout = 50ms;
    server_thread server(policy);
    test_client client(server.where());
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    const auto close = server.log.await(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::unused_deadline);
    EXPECT_GE(close.at - server.log.await(event_kind::accepted).at, 50ms);
    EXPECT_EQ(server.log.story(), "accepted close");
}

TEST(HeaderLimit, OfTheFirstRequestCountsFromTheAcceptHoweverItTrickles) {
    auto policy = quick(10s);
    policy.header_timeout = 80ms;
    server_thread server(policy);
    test_client client(server.where());
    for (const char byte : get.substr(0, 20)) {
        if (!client.try_send({&byte, 1})) break;
        if (client.read_to_end(10ms) != ended::not_yet) break;
    }
    const auto close = server.log.await(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::header_deadline);
    EXPECT_GE(close.at - server.log.await(event_kind::accepted).at, 80ms);
    EXPECT_TRUE(close.lateness);
}

TEST(HeaderLimit, OfALaterRequestCountsFromItsFirstByte) {
    auto policy = quick(10s);
    policy.header_timeout = 60ms;
    server_thread server(policy);
    test_client client(server.where());
    (void)client.request();
    std::this_thread::sleep_for(70ms);
    const auto before = steady::now();
    client.send(get.substr(0, 10));
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    const auto close = server.log.await(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::header_deadline);
    EXPECT_GE(close.at - before, 60ms);
}

TEST(HeaderLimit, EndsABodyThatStops) {
    auto policy = quick(10s);
    policy.header_timeout = 50ms;
    server_thread server(policy);
    test_client client(server.where());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::header_deadline);
}

TEST(HeaderLimit, DoesNotLimitIdleness) {
    auto policy = quick(120ms);
    policy.header_timeout = 20ms;
    server_thread server(policy);
    test_client client(server.where());
    (void)client.request();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::idle_deadline);
}

}  // namespace
}  // namespace firstfin::test
