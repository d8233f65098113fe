#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <thread>

#include "tests/server/support/server_thread.hpp"
#include "tests/server/support/test_client.hpp"

// Many connections at once: what one connection cannot show, such as a handler that outlives its connection.

namespace firstfin::test {
namespace {

using namespace std::chrono_literals;
using role::close_reason;
using role::event_kind;

struct open_connection {
    test_client client;
    time_point idle_since;
};

std::vector<open_connection> open_many(const endpoint& where, std::size_t count) {
    std::vector<open_connection> out;
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        test_client client(where);
        (void)client.request();
        out.push_back({std::move(client), steady::now()});
    }
    return out;
}

// Both ends act within microseconds of each other, a thousand times: the client's FIN, its next request or its RST
// meets the server's deadline in every order. What is checked is that each connection ends exactly once; the sanitizer
// does the rest.
TEST(Crowd, OfAThousandWhoseTimersEqualTheClients) {
    constexpr auto timeout = 250ms;
    server_policy policy;
    policy.keepalive_timeout = timeout;
    server_thread server(policy);
    auto connections = open_many(server.where(), 1'000);
    for (std::size_t i = 0; auto& each : connections) {
        std::this_thread::sleep_until(each.idle_since + timeout);
        switch (i++ % 3) {
            case 0:
                each.client.close();
                break;
            case 1:
                (void)each.client.try_send(get);
                break;
            default:
                each.client.reset();
        }
    }
    connections.clear();
    server.log.await_count(event_kind::close, 1'000);
    server.stop();
    server.join();
    const auto events = server.log.all();
    std::vector<int> closes(1'001);
    for (const auto& each : events)
        if (each.kind == event_kind::close) ++closes.at(each.conn);
    EXPECT_EQ(std::ranges::count(closes, 1), 1'000);
}

TEST(Crowd, OfAThousandIdleConnectionsClosesInTheOrderOfItsDeadlines) {
    server_policy policy;
    policy.keepalive_timeout = 1s;
    server_thread server(policy);
    const auto connections = open_many(server.where(), 1'000);
    server.log.await_count(event_kind::close, 1'000);
    std::uint64_t last = 0;
    std::vector<duration> lateness;
    for (const auto& each : server.log.all()) {
        if (each.kind != event_kind::close) continue;
        EXPECT_EQ(each.reason, close_reason::idle_deadline);
        EXPECT_EQ(each.conn, last + 1);
        last = each.conn;
        lateness.push_back(*each.lateness);
    }
    std::ranges::sort(lateness);
    RecordProperty("median_lateness", to_text(lateness[500]));
    RecordProperty("p99_lateness", to_text(lateness[990]));
}

TEST(Crowd, StoppedInTheMiddleOfEverything) {
    server_policy policy;
    policy.keepalive_timeout = 20ms;
    policy.response_delay = 5ms;
    policy.response_pace = 5ms;
    server_thread server(policy);
    std::vector<test_client> clients;
    for (int i = 0; i < 200; ++i) {
        clients.emplace_back(server.where());
        (void)clients.back().try_send(i % 2 == 0 ? get : get.substr(0, 9));
    }
    server.log.await_count(event_kind::response_sent, 20);
    server.stop();
    server.join();
    EXPECT_EQ(server.log.count(event_kind::close), server.log.count(event_kind::accepted));
}

}  // namespace
}  // namespace firstfin::test
