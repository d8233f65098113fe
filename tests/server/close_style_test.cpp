#include <gtest/gtest.h>

#include <thread>

#include "tests/server/support/server_thread.hpp"
#include "tests/server/support/test_client.hpp"

// What goes over the wire when the server ends a connection.

namespace firstfin::test {
namespace {

using namespace std::chrono_literals;
using role::close_reason;
using role::event_kind;

server_policy one_response(server_close_style style) {
    server_policy out;
    out.keepalive_timeout = 0s;
    out.close_style = style;
    return out;
}

/// The client notices an RST only when something of its own touches it.
bool resets_soon(test_client& client) {
    const auto give_up = steady::now() + patience;
    while (steady::now() < give_up) {
        if (!client.try_send("x") || client.read_to_end(5ms) == ended::by_reset) return true;
    }
    return false;
}

TEST(CloseStyleFin, IsEofAndThenResetForALateRequest) {
    server_thread server(one_response(server_close_style::fin));
    test_client client(server.where());
    (void)client.request();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    EXPECT_TRUE(resets_soon(client));
}

TEST(CloseStyleFin, OverUnreadInputIsReset) {
    auto policy = one_response(server_close_style::fin);
    policy.response_delay = 50ms;
    server_thread server(policy);
    test_client client(server.where());
    client.send(get);
    (void)server.log.await(event_kind::request_received);
    client.send(get);
    (void)client.read_response();
    EXPECT_EQ(client.read_to_end(), ended::by_reset);
    EXPECT_EQ(server.log.await(event_kind::close).unread, get.size());
}

TEST(CloseStyleRst, IsReset) {
    server_thread server(one_response(server_close_style::rst));
    test_client client(server.where());
    client.send(get);
    EXPECT_EQ(client.read_to_end(), ended::by_reset);
    const auto close = server.log.await(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::policy);
    EXPECT_EQ(close.state_before, tcp_state::established);
}

TEST(CloseStyleRst, HoldsForTheIdleLimitToo) {
    auto policy = one_response(server_close_style::rst);
    policy.keepalive_timeout = 30ms;
    server_thread server(policy);
    test_client client(server.where());
    (void)client.request();
    EXPECT_EQ(client.read_to_end(), ended::by_reset);
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::idle_deadline);
}

TEST(CloseStyleRst, DoesNotAnswerTheClientsFin) {
    auto policy = one_response(server_close_style::rst);
    policy.keepalive_timeout = 10s;
    server_thread server(policy);
    test_client client(server.where());
    (void)client.request();
    client.half_close();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
}

TEST(CloseStyleLinger, DropsInputUntilTheClientCloses) {
    server_thread server(one_response(server_close_style::linger));
    test_client client(server.where());
    (void)client.request();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    for (int round = 0; round < 5; ++round) {
        client.send(std::string(100'000, 'x'));
        EXPECT_EQ(client.read_to_end(5ms), ended::by_eof) << "no RST while it lingers";
    }
    client.close();
    (void)server.log.await(event_kind::eof);
    EXPECT_EQ(server.log.story(), "accepted request_received response_sent close eof");
    EXPECT_EQ(server.log.await(event_kind::close).state_before, tcp_state::established);
}

TEST(CloseStyleLinger, EndsAfterSilence) {
    auto policy = one_response(server_close_style::linger);
    policy.lingering_timeout = 40ms;
    server_thread server(policy);
    test_client client(server.where());
    (void)client.request();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    std::this_thread::sleep_for(60ms);
    EXPECT_TRUE(resets_soon(client));
}

TEST(CloseStyleLinger, EndsInTheEndHoweverMuchArrives) {
    auto policy = one_response(server_close_style::linger);
    policy.lingering_time = 60ms;
    policy.lingering_timeout = 10s;
    server_thread server(policy);
    test_client client(server.where());
    (void)client.request();
    EXPECT_TRUE(resets_soon(client));
    EXPECT_GE(steady::now() - server.log.await(event_kind::close).at, 60ms);
}

TEST(CloseStyleWait, LeavesTheFirstFinToTheClient) {
    server_thread server(one_response(server_close_style::wait));
    test_client client(server.where());
    EXPECT_TRUE(client.request().says("Connection: close\r\n"));
    EXPECT_EQ(client.read_to_end(30ms), ended::not_yet);
    client.half_close();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    const auto close = server.log.await(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::peer_fin);
    EXPECT_EQ(close.state_before, tcp_state::close_wait);
    EXPECT_TRUE(close.pending_fin);
    EXPECT_EQ(server.log.story(), "accepted request_received response_sent eof close");
}

TEST(CloseStyleWait, GivesUpInTheEnd) {
    auto policy = one_response(server_close_style::wait);
    policy.lingering_time = 40ms;
    server_thread server(policy);
    test_client client(server.where());
    (void)client.request();
    client.send("dropped, not served");
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    const auto close = server.log.await(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::policy);
    EXPECT_GE(close.at - server.log.await(event_kind::response_sent).at, 40ms);
    EXPECT_TRUE(close.lateness);
}

TEST(CloseStyleWait, IsAnOrdinaryCloseAtTheIdleLimit) {
    auto policy = one_response(server_close_style::wait);
    policy.keepalive_timeout = 30ms;
    server_thread server(policy);
    test_client client(server.where());
    (void)client.request();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::idle_deadline);
}

}  // namespace
}  // namespace firstfin::test
