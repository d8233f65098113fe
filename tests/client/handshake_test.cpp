// Connecting: failures, source addresses, order, offsets and pacing.
#include <sys/resource.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <fstream>
#include <thread>

#include "tests/client/client_run.hpp"
#include "tests/client/scripted_server.hpp"

namespace firstfin::testing {
namespace {

using role::close_reason;
using role::event_kind;

const script answers_and_stays = answers() + script{reads_to_end()};

/// A port where nobody listens, and nobody will for the moment.
class deaf_port {
public:
    deaf_port() : socket_(loop_, endpoint(boost::asio::ip::make_address("127.0.0.1"), 0)) {}
    [[nodiscard]] endpoint where() const { return socket_.local_endpoint(); }

private:
    boost::asio::io_context loop_;
    boost::asio::ip::tcp::socket socket_;  // bound, never listening
};

/// A listener whose accept queue is full: further handshakes hang.
class full_listener {
public:
    full_listener() : acceptor_(loop_, endpoint(boost::asio::ip::make_address("127.0.0.1"), 0)) { acceptor_.listen(1); }
    [[nodiscard]] endpoint where() const { return acceptor_.local_endpoint(); }
    [[nodiscard]] std::size_t handshakes_under_way() const {
        char port[8];
        std::snprintf(port, sizeof port, ":%04X", where().port());
        std::ifstream table("/proc/net/tcp");
        std::size_t count = 0;
        for (std::string number, local, remote, state, rest;
             table >> number >> local >> remote >> state && std::getline(table, rest);)
            if (remote.ends_with(port) && state == "02") ++count;
        return count;
    }

private:
    boost::asio::io_context loop_;
    boost::asio::ip::tcp::acceptor acceptor_;
};

role::client_order many(std::size_t count, const role::client_order& one) {
    auto out = one;
    out.trials.assign(count, one.trials.front());
    for (std::size_t i = 0; i < count; ++i)
        out.trials[i].trial = i + 1;
    return out;
}

TEST(Handshake, RefusedConnection) {
    const deaf_port nobody;
    const auto run = play(one_trial(nobody.where(), closing_after(1s), asking(1)));
    EXPECT_TRUE(run.all_over);
    EXPECT_EQ(run.names(), "close done");
    const auto close = run.only(event_kind::close);
    EXPECT_EQ(close.reason, close_reason::connect_failed);
    EXPECT_EQ(close.detail, "Connection refused");
    EXPECT_EQ(close.state_before, std::nullopt);
}

TEST(Handshake, SourceThatIsNotOurs) {
    const scripted_server server({answers_and_stays});
    auto order = one_trial(server.where(), closing_after(1s), asking(1));
    order.trials[0].source = boost::asio::ip::make_address("192.0.2.1");
    const auto run = play(order);
    EXPECT_EQ(run.names(), "close done");
    EXPECT_EQ(run.only(event_kind::close).detail, "Cannot assign requested address");
}

// Each fails before its connect(): must neither recurse nor stall.
TEST(Handshake, TenThousandThatFailAtOnce) {
    const scripted_server server({answers_and_stays});
    auto one = one_trial(server.where(), closing_after(1s), asking(1));
    one.trials[0].source = boost::asio::ip::make_address("192.0.2.1");
    const auto run = play(many(10'000, one));
    EXPECT_TRUE(run.all_over);
    EXPECT_EQ(run.events.size(), 20'000U);
}

TEST(Handshake, NoDescriptorsLeft) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "UBSan's vptr check opens a pipe to look at memory, and takes EMFILE for a broken object";
#endif
    const scripted_server server({answers_and_stays});
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const auto order = many(200, one_trial(server.where(), closing_after(300ms), asking(0)));
    auto few = before;
    few.rlim_cur = 100;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
    const auto run = play(order, [](const role::event& said) { return said.kind == event_kind::close; });
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    std::size_t refused = 0;
    for (const auto& each : run.events)
        if (each.reason == close_reason::connect_failed && each.detail == "Too many open files") ++refused;
    EXPECT_GT(refused, 0U);
}

TEST(Handshake, SourceAddressAndPortOfTheKernelsChoice) {
    const scripted_server server({answers_and_stays});
    auto order = one_trial(server.where(), closing_after(10ms), asking(1));
    order.trials[0].source = boost::asio::ip::make_address("127.0.0.5");
    const auto run = play(order);
    const auto connected = run.only(event_kind::connected);
    ASSERT_TRUE(connected.local);
    EXPECT_EQ(connected.local->address(), order.trials[0].source);
    EXPECT_NE(connected.local->port(), 0);
    EXPECT_EQ(connected.remote, server.where());
}

TEST(Handshake, OverIpv6) {
    const scripted_server server({answers_and_stays}, "::1");
    auto order = one_trial(server.where(), closing_after(10ms), asking(1));
    order.trials[0].source = boost::asio::ip::make_address("::1");
    const auto run = play(order);
    EXPECT_EQ(run.names(), "connected request_sent response_received close done");
    EXPECT_NE(server.wait_for(1)[0].requests.at(0).find("Host: [::1]:"), std::string::npos);
}

TEST(Handshake, InOrderAndNotBeforeTheirMoment) {
    const scripted_server server({answers_and_stays});
    auto order = many(4, one_trial(server.where(), closing_after(10ms), asking(1)));
    order.handshakes_in_flight = 1;
    order.trials[1].start_offset = 80ms;
    order.trials[3].start_offset = 120ms;
    const auto run = play(order);
    std::vector<std::uint64_t> connected;
    for (const auto& each : run.events)
        if (each.kind == event_kind::connected) connected.push_back(each.trial.value());
    EXPECT_EQ(connected, (std::vector<std::uint64_t>{1, 2, 3, 4}));
    EXPECT_GE(run.only(event_kind::connected, 2).at - run.ready, 80ms);
    EXPECT_GE(run.only(event_kind::connected, 3).at - run.ready, 80ms);
    EXPECT_GE(run.only(event_kind::connected, 4).at - run.ready, 120ms);
    EXPECT_TRUE(run.all_over);
}

TEST(Handshake, NoMoreAtOnceThanAllowed) {
    const full_listener server;
    auto order = many(40, one_trial(server.where(), never_closing(), asking(0)));
    order.handshakes_in_flight = 5;
    std::atomic<bool> over = false;
    std::size_t most = 0;
    std::thread watcher([&] {
        for (; !over; std::this_thread::sleep_for(1ms))
            most = std::max(most, server.handshakes_under_way());
    });
    const auto run = play(order, {}, 500ms);
    over = true;
    watcher.join();
    EXPECT_EQ(most, 5U);
    EXPECT_FALSE(run.all_over);
}

TEST(Handshake, AnEmptyOrderIsOverAtOnce) {
    auto order = one_trial(endpoint(), closing_after(1s), asking(1));
    order.trials.clear();
    EXPECT_TRUE(play(order).all_over);
}

TEST(Handshake, AnImpossibleOrderIsRefused) {
    auto order = one_trial(endpoint(), closing_after(1s), asking(1));
    order.handshakes_in_flight = 0;
    EXPECT_THROW((void)play(order), bad_input);
    order.handshakes_in_flight = 1;
    order.scenarios[0].path = "not a path";
    EXPECT_THROW((void)play(order), bad_input);
}

}  // namespace
}  // namespace firstfin::testing
