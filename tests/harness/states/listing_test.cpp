#include "harness/states/socket_listing.hpp"

#include <sched.h>
#include <sys/wait.h>

#include <thread>

#include "core/parse_error.hpp"
#include "harness/sandbox/stage_network.hpp"
#include "harness/states/namespace_entry.hpp"
#include "harness/witness/sock_diag.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/harness/sandbox/plain_tcp.hpp"

namespace firstfin::testing {
namespace {

using sandbox::ip_family;
using states::census;

census census_in(const sandbox::network_namespace& inside, std::optional<std::uint16_t> port = {}) {
    const sandbox::netns_scope scope(inside);
    states::socket_listing sockets;
    states::census_taker taker(port);
    sockets.for_each([&taker](const states::counted_socket& one) { taker.add(one); });
    return taker.result();
}

std::size_t count_of(const census& all, tcp_state state) {
    for (const auto& one : all.lines)
        if (one.state == state) return one.sockets;
    return 0;
}

class SocketListing : public needs_namespaces {};

TEST_F(SocketListing, AgreesWithTheWitnessForBothFamiliesAndEveryState) {
    const sandbox::stage_network stage({});
    std::vector<sandbox::unique_fd> kept;
    for (const auto family : {ip_family::v4, ip_family::v6}) {
        auto listener = listen_in(stage.server_ns(), stage.server_address(family));
        const auto port = local_end(listener.get()).port();
        for (int i = 0; i < 30; ++i) {
            auto client =
                connect_in(stage.client_ns(), stage.client_address(family), {stage.server_address(family), port});
            auto server = accept_one(listener.get());
            if (i % 3 != 0) server.reset();
            if (i % 3 == 1) client.reset();
            kept.push_back(std::move(client));
            kept.push_back(std::move(server));
        }
        kept.push_back(std::move(listener));
    }
    witness::sock_diag witness(stage.server_ns());
    ASSERT_TRUE(eventually([&] {
        const auto counts = witness.count_states();
        return counts[tcp_state::time_wait] == 20 && counts[tcp_state::fin_wait_2] == 20;
    }));
    const auto all = census_in(stage.server_ns());
    const auto expected = witness.count_states();
    EXPECT_EQ(all.total, expected.total());
    for (std::size_t number = 1; number < tcp_state_count; ++number) {
        const auto state = static_cast<tcp_state>(number);
        EXPECT_EQ(count_of(all, state), expected[state]) << to_text(state);
    }
    for (const auto& line : all.lines) {
        if (line.state == tcp_state::fin_wait_2) {
            EXPECT_EQ(line.orphans, 20U);
        }
        if (line.state != tcp_state::time_wait) continue;
        ASSERT_TRUE(line.left);
        EXPECT_GT(line.left->min, std::chrono::seconds(40));
        EXPECT_LE(line.left->max, std::chrono::seconds(65));
    }
}

TEST_F(SocketListing, AsksAgainAndAgain) {
    const auto inside = sandbox::network_namespace::create();
    const sandbox::netns_scope scope(inside);
    states::socket_listing sockets;
    const auto listener = listen_in(inside, boost::asio::ip::address_v6::any());
    for (int i = 0; i < 5; ++i) {
        int seen = 0;
        sockets.for_each([&seen](const states::counted_socket& one) { seen += one.state == tcp_state::listen; });
        EXPECT_EQ(seen, 1);
    }
}

TEST_F(SocketListing, OfAnotherNamespaceByPathOrProcess) {
    const auto inside = sandbox::network_namespace::create();
    const auto listener = listen_in(inside, boost::asio::ip::address_v4::loopback());
    const auto port = local_end(listener.get()).port();
    const auto path = "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(inside.fd());
    // In a thread of its own: entering is for good.
    std::size_t total = 0;
    std::thread([&] {
        states::enter_network_namespace(path);
        states::socket_listing sockets;
        sockets.for_each([&](const states::counted_socket& one) { total += one.local_port == port ? 1 : 0; });
    }).join();
    EXPECT_EQ(total, 1U);
    EXPECT_THROW(states::enter_network_namespace("/no/such/file"), bad_input);
    EXPECT_THROW(states::enter_network_namespace("/etc/passwd"), bad_input);
    EXPECT_THROW(states::enter_network_namespace("999999999"), bad_input);
}

}  // namespace
}  // namespace firstfin::testing
