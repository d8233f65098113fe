#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include "tests/server/support/child_program.hpp"
#include "tests/server/support/test_client.hpp"

// The program as a process: order in, events out, signals, exit codes.

namespace firstfin::test {
namespace {

using namespace std::chrono_literals;
using role::close_reason;
using role::event_kind;

const std::string program = FIRSTFIN_SERVER_PROGRAM;

role::server_order order_of(const std::vector<server_policy>& policies) {
    role::server_order out;
    for (const auto& each : policies)
        out.listeners.push_back(
            {"policy-" + std::to_string(out.listeners.size() + 1), boost::asio::ip::make_address("127.0.0.1"), each});
    return out;
}

/// The program in role mode, up to `ready`.
struct role_server : child_program {
    explicit role_server(const std::vector<server_policy>& policies, unsigned descriptor_limit = 0)
        : child_program({program, "--role"}, role::to_json(order_of(policies)), descriptor_limit) {
        for (const auto& ignored : policies) {
            (void)ignored;
            listening.push_back(read_event());
        }
        ready = read_event();
    }
    [[nodiscard]] endpoint where(std::size_t listener = 0) const { return listening.at(listener).local.value(); }

    std::vector<role::event> listening;
    role::event ready;
};

TEST(RoleMode, TellsOfEachListenerAndThenThatItIsReady) {
    role_server server({server_policy{}, server_policy{}});
    EXPECT_EQ(server.listening[0].kind, event_kind::listening);
    EXPECT_EQ(server.listening[0].policy, "policy-1");
    EXPECT_EQ(server.listening[1].policy, "policy-2");
    EXPECT_NE(server.where(0).port(), server.where(1).port());
    EXPECT_EQ(server.ready.kind, event_kind::ready);
}

TEST(RoleMode, TellsTheLifeOfAConnection) {
    server_policy policy;
    policy.keepalive_timeout = 50ms;
    role_server server({policy});
    test_client client(server.where());
    (void)client.request();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    const auto accepted = server.read_event();
    EXPECT_EQ(accepted.kind, event_kind::accepted);
    EXPECT_EQ(accepted.conn, 1U);
    EXPECT_EQ(accepted.local, server.where());
    const auto received = server.read_event();
    EXPECT_EQ(received.kind, event_kind::request_received);
    EXPECT_EQ(received.request, 1U);
    const auto sent = server.read_event();
    EXPECT_EQ(sent.kind, event_kind::response_sent);
    EXPECT_EQ(sent.status, 200U);
    const auto close = server.read_event();
    EXPECT_EQ(close.kind, event_kind::close);
    EXPECT_EQ(close.reason, close_reason::idle_deadline);
    EXPECT_EQ(close.state_before, tcp_state::established);
    EXPECT_EQ(close.remote, accepted.remote);
    EXPECT_GE(close.at - sent.at, 50ms);
    server.signal(SIGTERM);
    EXPECT_EQ(server.read_event().kind, event_kind::done);
    EXPECT_EQ(server.exit_code(), 0);
}

TEST(RoleMode, EndsWhenNobodyReadsItsEvents) {
    role_server server({server_policy{}});
    server.close_output();
    EXPECT_EQ(server.exit_code(), 0);
}

TEST(RoleMode, RefusesAnOrderItDoesNotUnderstand) {
    for (const std::string_view order : {"", "{}", "{\"v\":1}", "[1]", "{\"v\":99,\"policies\":[]}",
                                         "{\"v\":1,\"policies\":[{\"id\":\"a\",\"address\":\"127.0.0.1\",\"policy\":{"
                                         "\"keepalive_timeout\":\"soon\"}}]}"}) {
        child_program server({program, "--role"}, order);
        EXPECT_EQ(server.exit_code(), 2) << order;
        EXPECT_TRUE(server.complaint().starts_with("firstfin-server: the server's order: ")) << order;
    }
}

TEST(Signals, TermEndsEverythingAtOnce) {
    server_policy policy;
    policy.response_delay = 10min;
    role_server server({policy});
    test_client busy(server.where());
    test_client idle(server.where());
    busy.send(get);
    (void)server.await(event_kind::request_received);
    server.signal(SIGTERM);
    EXPECT_EQ(server.exit_code(), 0);
    const auto rest = server.events_to_end();
    EXPECT_EQ(count_of(rest, event_kind::close), 2U);
    EXPECT_EQ(rest.back().kind, event_kind::done);
    EXPECT_EQ(busy.read_to_end(), ended::by_eof);
    EXPECT_EQ(idle.read_to_end(), ended::by_eof);
}

TEST(Signals, QuitFinishesTheRequestUnderWay) {
    server_policy policy;
    policy.response_delay = 50ms;
    role_server server({policy});
    test_client client(server.where());
    client.send(get);
    (void)server.await(event_kind::request_received);
    server.signal(SIGQUIT);
    EXPECT_TRUE(client.read_response().says("Connection: close\r\n"));
    EXPECT_EQ(server.exit_code(), 0);
}

TEST(Signals, TermIsMoreUrgentThanQuit) {
    server_policy policy;
    policy.response_delay = 10min;
    role_server server({policy});
    test_client client(server.where());
    client.send(get);
    (void)server.await(event_kind::request_received);
    server.signal(SIGQUIT);
    server.signal(SIGTERM);
    EXPECT_EQ(server.exit_code(), 0);
}

TEST(ByHand, SaysWhatItListensOnAndHowEachConnectionEnded) {
    child_program server({program, "--listen", "127.0.0.1:0", "--keepalive-timeout", "30ms"});
    const auto listening = server.read_line();
    ASSERT_TRUE(listening.starts_with("listening on 127.0.0.1:")) << listening;
    EXPECT_TRUE(listening.ends_with(": keepalive_timeout 30ms")) << listening;
    const auto where = listening.substr(13, listening.find(": ", 13) - 13);
    test_client client(parse_endpoint(where).value());
    (void)client.request();
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    const auto obituary = server.read_line();
    EXPECT_NE(obituary.find(": server closed first: idle limit; idle "), std::string::npos) << obituary;
    EXPECT_TRUE(obituary.ends_with(", 1 request")) << obituary;
    server.signal(SIGINT);
    EXPECT_EQ(server.exit_code(), 0);
}

TEST(ByHand, PrintsEventsWithJson) {
    child_program server({program, "--listen", "[::1]:0", "--json"});
    EXPECT_EQ(server.read_event().kind, event_kind::listening);
    EXPECT_EQ(server.read_event().kind, event_kind::ready);
}

TEST(ByHand, ReadsItsListenersFromAFile) {
    const auto file = testing::TempDir() + "firstfin-server-program.toml";
    std::ofstream(file) << "[[listen]]\naddress = \"127.0.0.1:0\"\nkeepalive_timeout = 0\n"
                           "[[listen]]\naddress = \"127.0.0.1:0\"\nkeepalive_requests = 7\n";
    child_program server({program, "--config", file});
    EXPECT_TRUE(server.read_line().ends_with(": keepalive_timeout 0s"));
    EXPECT_TRUE(server.read_line().ends_with(": keepalive_timeout 75s, keepalive_requests 7"));
}

TEST(ExitCode, OfBadOptionsIsTwo) {
    child_program server({program, "--listen", "127.0.0.1:0", "--response-size", "-1"});
    EXPECT_EQ(server.exit_code(), 2);
    EXPECT_EQ(server.complaint(),
              "firstfin-server: --response-size: '-1' is not a whole number between 0 and 4294967295\n");
}

TEST(ExitCode, OfHelpIsZero) {
    child_program server({program, "--help"});
    EXPECT_NE(server.rest_of_output().find("Examples:"), std::string::npos);
    EXPECT_EQ(server.exit_code(), 0);
}

TEST(ExitCode, OfAPortInUseIsThreeAndNamesItWithTheRemedy) {
    role_server first({server_policy{}});
    const auto where = to_text(first.where());
    child_program second({program, "--listen", where});
    EXPECT_EQ(second.exit_code(), 3);
    const auto text = second.complaint();
    EXPECT_TRUE(
        text.starts_with("firstfin-server: cannot listen on " + where + ": Address already in use; stop the program"))
        << text;
}

// Descriptors run out: the rest waits in the kernel's queue, nothing spins, and everybody is served in the end.
TEST(Descriptors, ThatRunOutPauseAccepting) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "UBSan's vptr check opens a pipe to look at memory, and takes EMFILE for a broken object";
#endif
    role_server server({server_policy{}}, 40);
    std::vector<test_client> clients;
    for (int i = 0; i < 60; ++i)
        clients.emplace_back(server.where());
    const auto before = server.cpu_time();
    EXPECT_EQ(clients.back().read_to_end(300ms), ended::not_yet);
    EXPECT_LT(server.cpu_time() - before, 100ms) << "it must not spin";
    EXPECT_EQ(clients.front().request().status, 200) << "those accepted are served";
    std::size_t served = 0;
    for (auto& each : clients) {
        if (each.request().status == 200) ++served;
        each.close();
    }
    EXPECT_EQ(served, clients.size());
}

}  // namespace
}  // namespace firstfin::test
