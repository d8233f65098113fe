#include <gtest/gtest.h>

#include "tests/server/support/server_thread.hpp"
#include "tests/server/support/test_client.hpp"

// What is answered, and whether the connection lives on.

namespace firstfin::test {
namespace {

using namespace std::chrono_literals;
using role::close_reason;
using role::event_kind;

struct row {
    std::string name;
    std::string request;
    int status = 200;
    bool keeps = true;
    std::size_t body = 100;
};

class Response : public testing::TestWithParam<row> {};

TEST_P(Response, AnswersAndKeepsOrCloses) {
    server_thread server(server_policy{});
    test_client client(server.where());
    const auto response = client.request(GetParam().request);
    EXPECT_EQ(response.status, GetParam().status);
    EXPECT_TRUE(response.head.starts_with("HTTP/1.1 "));
    EXPECT_TRUE(response.says("Server: firstfin\r\n"));
    EXPECT_TRUE(response.says("Content-Type: text/plain\r\n"));
    EXPECT_TRUE(response.says(GetParam().keeps ? "Connection: keep-alive\r\n" : "Connection: close\r\n"))
        << response.head;
    EXPECT_FALSE(response.says("Keep-Alive:"));
    EXPECT_EQ(response.body.size(), GetParam().body);
    if (GetParam().keeps) {
        EXPECT_EQ(client.request().status, 200) << "the connection should serve another request";
    } else {
        EXPECT_EQ(client.read_to_end(), ended::by_eof);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Requests, Response,
    testing::Values(
        row{"get", std::string(get)},
        row{"http11_close", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 200, false},
        row{"http10", "GET / HTTP/1.0\r\n\r\n", 200, false},
        row{"http10_keep_alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"},
        row{"head", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", 200, true, 0},
        row{"empty_line_first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        row{"post", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"},
        row{"chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"},
        row{"large_post", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + std::string(300'000, 'x')},
        row{"garbage", "hello\r\n\r\n", 400, false, 0}, row{"no_host", "GET / HTTP/1.1\r\n\r\n", 400, false, 0},
        row{"head_refused", "HEAD / HTTP/1.1\r\n\r\n", 400, false, 0}),
    [](const auto& tested) { return tested.param.name; });

TEST(ResponseTo, HeadNamesTheLengthOfTheBodyItDoesNotSend) {
    server_thread server(server_policy{});
    test_client client(server.where());
    EXPECT_TRUE(client.request("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").says("Content-Length: 100\r\n"));
}

TEST(ResponseTo, RefusedRequestsEndTheConnectionAsBadMessages) {
    server_thread server(server_policy{});
    test_client client(server.where());
    EXPECT_EQ(client.request("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(16'500, 'x')).status, 431);
    const auto close = server.log.await(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::bad_message);
    EXPECT_EQ(server.log.await(event_kind::response_sent).status, 431U);
}

TEST(ResponseTo, AnAnnouncedBodyBeyondTheLimitIs413) {
    server_thread server(server_policy{});
    test_client client(server.where());
    EXPECT_EQ(client.request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n").status, 413);
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
}

TEST(ResponseTo, ExpectIsTheGoAheadFirst) {
    server_thread server(server_policy{});
    test_client client(server.where());
    EXPECT_EQ(client.request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n").status,
              100);
    EXPECT_EQ(client.request("abc").status, 200);
}

TEST(ResponseTo, PipelinedRequestsComeInOrderAndEachIsReported) {
    server_thread server(server_policy{});
    test_client client(server.where());
    client.send(std::string(get) + std::string(get) + "GET / HTTP/1.1\r\nHost: a\r\nConn");
    EXPECT_TRUE(client.read_response().says("keep-alive"));
    EXPECT_TRUE(client.read_response().says("keep-alive"));
    client.send("ection: close\r\n\r\n");
    EXPECT_TRUE(client.read_response().says("Connection: close"));
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    (void)server.log.await(event_kind::close);
    EXPECT_EQ(
        server.log.story(),
        "accepted request_received response_sent request_received response_sent request_received response_sent close");
    const auto third = server.log.await(
        [](const role::event& what) { return what.kind == event_kind::request_received && what.request == 3; });
    EXPECT_TRUE(third.says_close);
}

struct hint_row {
    duration hint;
    std::string_view line;
};

TEST(Hint, IsWholeSecondsRoundedUpAndOnlyOnKeepAlive) {
    for (const auto& [hint, line] :
         {hint_row{1ms, "Keep-Alive: timeout=1\r\n"}, hint_row{2s, "Keep-Alive: timeout=2\r\n"},
          hint_row{2001ms, "Keep-Alive: timeout=3\r\n"}}) {
        server_policy policy;
        policy.keepalive_hint = hint;
        server_thread server(policy);
        test_client client(server.where());
        EXPECT_TRUE(client.request().says(line)) << line;
        EXPECT_FALSE(client.request("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").says("Keep-Alive"));
    }
}

struct size_row {
    std::uint32_t size;
    duration pace;
};

TEST(ResponseBody, HasItsSizeAtOnceAndPaced) {
    for (const auto& [size, pace] :
         {size_row{0, 0ns}, size_row{1, 0ns}, size_row{65'536, 0ns}, size_row{3'000'001, 0ns}, size_row{0, 20ms},
          size_row{1, 20ms}, size_row{100, 20ms}, size_row{3'000'001, 20ms}}) {
        server_policy policy;
        policy.response_size = size;
        policy.response_pace = pace;
        server_thread server(policy);
        test_client client(server.where());
        EXPECT_EQ(client.request().body.size(), size);
        EXPECT_EQ(client.request().body.size(), size);
    }
}

TEST(ResponsePace, SpreadsTheBodyAfterTheHead) {
    server_policy policy;
    policy.response_pace = 100ms;
    policy.response_size = 32;
    server_thread server(policy);
    test_client client(server.where());
    const auto start = steady::now();
    client.send(get);
    (void)client.read_response(true);
    (void)client.read_exactly(2);  // one slice of 16
    EXPECT_EQ(server.log.count(event_kind::response_sent), 0U) << "the body came at once";
    (void)client.read_exactly(30);
    EXPECT_GE(steady::now() - start, 100ms);
}

TEST(ResponseDelay, PassesBetweenRequestAndResponse) {
    server_policy policy;
    policy.response_delay = 50ms;
    server_thread server(policy);
    test_client client(server.where());
    (void)client.request();
    EXPECT_GE(server.log.await(event_kind::response_sent).at - server.log.await(event_kind::request_received).at, 50ms);
}

}  // namespace
}  // namespace firstfin::test
