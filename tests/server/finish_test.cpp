#include <gtest/gtest.h>

#include "tests/server/support/server_thread.hpp"
#include "tests/server/support/test_client.hpp"

// The two ways to stop: at once, and after what was begun.

namespace firstfin::test {
namespace {

using namespace std::chrono_literals;
using role::close_reason;
using role::event_kind;

server_policy delayed(duration delay) {
    server_policy out;
    out.response_delay = delay;
    return out;
}

TEST(Stop, EndsEveryConnectionWhateverItDoes) {
    auto paced = delayed({});
    paced.response_pace = 10min;
    auto large = delayed({});
    large.response_size = 200'000'000;
    auto lingers = delayed({});
    lingers.keepalive_timeout = 0s;
    lingers.close_style = server_close_style::linger;
    auto waits = lingers;
    waits.close_style = server_close_style::wait;
    auto ignores = delayed({});
    ignores.on_client_fin = client_fin_reaction::ignore;
    server_thread server({delayed(10min), paced, large, lingers, waits, ignores, server_policy{}});
    std::vector<test_client> clients;
    for (std::size_t listener = 0; listener < 7; ++listener) {
        clients.emplace_back(server.where(listener));
        clients.back().send(get);
        if (listener == 5) clients.back().half_close();
    }
    test_client half(server.where(6));
    half.send(get.substr(0, 5));
    test_client unused(server.where(6));
    server.log.await_count(event_kind::accepted, 9);
    server.log.await_count(event_kind::request_received, 7);
    server.log.await_count(event_kind::response_sent, 4);
    (void)server.log.await([](const role::event& what) { return what.kind == event_kind::eof; });
    server.stop();
    server.join();
    EXPECT_EQ(server.log.count(event_kind::close), 9U);
    EXPECT_EQ(server.log.all().back().kind, event_kind::done);
}

TEST(Finish, ClosesIdleConnectionsAtOnce) {
    server_thread server(server_policy{});
    test_client used(server.where());
    test_client unused(server.where());
    (void)used.request();
    server.log.await_count(event_kind::accepted, 2);
    server.finish();
    server.join();
    EXPECT_EQ(used.read_to_end(), ended::by_eof);
    EXPECT_EQ(unused.read_to_end(), ended::by_eof);
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::shutdown);
    EXPECT_EQ(server.log.all().back().kind, event_kind::done);
}

TEST(Finish, AnswersTheRequestUnderWayAndSaysClose) {
    server_thread server(delayed(50ms));
    test_client client(server.where());
    client.send(get);
    (void)server.log.await(event_kind::request_received);
    server.finish();
    const auto response = client.read_response();
    EXPECT_TRUE(response.says("Connection: close\r\n"));
    EXPECT_EQ(response.body.size(), 100U);
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    server.join();
    EXPECT_EQ(server.log.await(event_kind::close).reason, close_reason::shutdown);
}

TEST(Finish, ClosesAfterAResponseWhoseHeadWasOut) {
    auto policy = delayed({});
    policy.response_pace = 60ms;
    server_thread server(policy);
    test_client client(server.where());
    client.send(get);
    EXPECT_TRUE(client.read_response(true).says("Connection: keep-alive\r\n"));
    server.finish();
    EXPECT_EQ(client.read_exactly(100).size(), 100U);
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    server.join();
}

TEST(Finish, ServesAHalfRequestThatIsCompletedAndRefusesNewConnections) {
    server_thread server(server_policy{});
    test_client client(server.where());
    client.send(get.substr(0, 10));
    (void)server.log.await(event_kind::accepted);
    test_client idle(server.where());
    (void)idle.request();  // by now the half request has been read
    server.finish();
    EXPECT_EQ(idle.read_to_end(), ended::by_eof);
    EXPECT_THROW(test_client late(server.where()), std::system_error);
    client.send(get.substr(10));
    EXPECT_TRUE(client.read_response().says("Connection: close\r\n"));
    server.join();
}

TEST(Listen, OnAPortInUseNamesTheAddressAndTheRemedy) {
    server_thread first(server_policy{});
    boost::asio::io_context loop{1};
    server second(
        loop, [](const role::event&) {}, 1);
    try {
        (void)second.listen(first.where(), server_policy{}, "second");
        FAIL() << "two servers on one port";
    } catch (const environment_lacks& failed) {
        const std::string text = failed.what();
        EXPECT_NE(text.find(to_text(first.where())), std::string::npos) << text;
        EXPECT_NE(text.find("another port"), std::string::npos) << text;
    }
}

}  // namespace
}  // namespace firstfin::test
