#include <time.h>

#include <gtest/gtest.h>

#include <thread>

#include "tests/server/support/server_thread.hpp"
#include "tests/server/support/test_client.hpp"

// What the client's FIN or RST does to the server's side.

namespace firstfin::test {
namespace {

using namespace std::chrono_literals;
using role::close_reason;
using role::event_kind;

server_policy reacting(client_fin_reaction reaction, duration delay = {}) {
    server_policy out;
    out.on_client_fin = reaction;
    out.response_delay = delay;
    return out;
}

duration cpu_time_of_process() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + duration(now.tv_nsec);
}

TEST(ClientFin, WhileIdleIsAnsweredWithAClose) {
    for (const auto reaction : {client_fin_reaction::finish, client_fin_reaction::abort}) {
        server_thread server(reacting(reaction));
        test_client client(server.where());
        (void)client.request();
        client.half_close();
        EXPECT_EQ(client.read_to_end(), ended::by_eof);
        const auto close = server.log.await(event_kind::close);
        EXPECT_EQ(close.reason, close_reason::peer_fin);
        EXPECT_EQ(close.state_before, tcp_state::close_wait);
        EXPECT_TRUE(close.pending_fin);
        EXPECT_EQ(server.log.story(), "accepted request_received response_sent eof close");
    }
}

TEST(ClientFin, BeforeAnyRequestIsAnsweredWithAClose) {
    server_thread server(reacting(client_fin_reaction::finish));
    test_client client(server.where());
    client.half_close();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    (void)server.log.await(event_kind::close);
    EXPECT_EQ(server.log.story(), "accepted eof close");
}

TEST(ClientFin, InHalfARequestEndsIt) {
    server_thread server(reacting(client_fin_reaction::finish));
    test_client client(server.where());
    client.send(get.substr(0, 10));
    client.half_close();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::peer_fin);
}

TEST(ClientFinFinish, AnswersCompletelyFirst) {
    server_thread server(reacting(client_fin_reaction::finish, 30ms));
    test_client client(server.where());
    client.send(std::string(get) + std::string(get));
    client.half_close();
    EXPECT_EQ(client.read_response().body.size(), 100U);
    EXPECT_EQ(client.read_response().body.size(), 100U);
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::peer_fin);
}

TEST(ClientFinAbort, EndsAResponseBeforeItBegan) {
    server_thread server(reacting(client_fin_reaction::abort, 10min));
    test_client client(server.where());
    client.send(get);
    (void)server.log.await(event_kind::request_received);
    client.half_close();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::peer_fin);
    EXPECT_EQ(server.log.story(), "accepted request_received eof close");
}

TEST(ClientFinAbort, EndsAResponseInTheMiddle) {
    auto policy = reacting(client_fin_reaction::abort);
    policy.response_pace = 10min;
    policy.response_size = 100'000'000;
    server_thread server(policy);
    test_client client(server.where());
    client.send(get);
    (void)client.read_response(true);
    client.half_close();
    (void)client.read_to_end();
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::peer_fin);
    EXPECT_EQ(server.log.count(event_kind::response_sent), 0U);
}

TEST(ClientFinAbort, SeesAFinBehindPipelinedRequests) {
    server_thread server(reacting(client_fin_reaction::abort, 10min));
    test_client client(server.where());
    client.send(get);
    (void)server.log.await(event_kind::request_received);
    client.send(get);
    std::this_thread::sleep_for(5ms);
    client.half_close();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    EXPECT_EQ(server.log.await(event_kind::close).unread, 0U);
}

TEST(ClientFinAbort, DoesNotLosePipelinedRequests) {
    server_thread server(reacting(client_fin_reaction::abort, 20ms));
    test_client client(server.where());
    client.send(get);
    (void)server.log.await(event_kind::request_received);
    client.send(std::string(get) + std::string(get));
    for (int response = 0; response < 3; ++response)
        EXPECT_EQ(client.read_response().status, 200);
    EXPECT_EQ(client.request().status, 200);
}

TEST(ClientFinIgnore, LeavesTheConnectionInCloseWaitWithoutSpinning) {
    auto policy = reacting(client_fin_reaction::ignore);
    policy.keepalive_timeout = 50ms;
    server_thread server(policy);
    test_client client(server.where());
    (void)client.request();
    client.half_close();
    (void)server.log.await(event_kind::eof);
    const auto before = cpu_time_of_process();
    EXPECT_EQ(client.read_to_end(200ms), ended::not_yet) << "it must never close";
    EXPECT_LT(cpu_time_of_process() - before, 100ms) << "it must not spin";
    server.stop();
    const auto close = server.log.await(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::shutdown);
    EXPECT_EQ(close.state_before, tcp_state::close_wait);
}

TEST(ClientFinIgnore, AlsoWhenTheResponseSaidClose) {
    auto policy = reacting(client_fin_reaction::ignore, 20ms);
    policy.keepalive_timeout = 0s;
    server_thread server(policy);
    test_client client(server.where());
    client.send(get);
    client.half_close();
    (void)client.read_response();
    (void)server.log.await(event_kind::eof);
    EXPECT_EQ(client.read_to_end(50ms), ended::not_yet);
    EXPECT_EQ(server.log.story(), "accepted request_received response_sent eof");
}

TEST(ClientReset, WhileIdleIsReported) {
    server_thread server(reacting(client_fin_reaction::finish));
    test_client client(server.where());
    (void)client.request();
    client.reset();
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::peer_reset);
    EXPECT_EQ(server.log.story(), "accepted request_received response_sent reset close");
}

TEST(ClientReset, DuringAResponseIsReportedWhenItIsWritten) {
    server_thread server(reacting(client_fin_reaction::finish, 30ms));
    test_client client(server.where());
    client.send(get);
    (void)server.log.await(event_kind::request_received);
    client.reset();
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::peer_reset);
    EXPECT_EQ(server.log.story(), "accepted request_received reset close");
}

TEST(ClientReset, AbortsAResponseAtOnce) {
    server_thread server(reacting(client_fin_reaction::abort, 10min));
    test_client client(server.where());
    client.send(get);
    (void)server.log.await(event_kind::request_received);
    client.reset();
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::peer_reset);
}

}  // namespace
}  // namespace firstfin::test
