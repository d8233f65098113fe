#include "harness/sandbox/delayed_link.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "harness/sandbox/stage_network.hpp"
#include "tests/harness/sandbox/messages.hpp"
#include "tests/harness/sandbox/needs_delayed_links.hpp"
#include "tests/harness/sandbox/plain_tcp.hpp"

namespace firstfin::testing {
namespace {

using namespace std::chrono_literals;
using sandbox::ip_family;
using sandbox::link_side;
using sandbox::network_namespace;
using sandbox::stage_addresses;
using sandbox::stage_network;
using sandbox::unique_fd;

/// How much longer than asked most frames may take on a busy machine.
constexpr auto most_are_no_later = 20ms;

class DelayedLink : public needs_delayed_links, public ::testing::WithParamInterface<ip_family> {};
INSTANTIATE_TEST_SUITE_P(Families, DelayedLink, ::testing::Values(ip_family::v4, ip_family::v6),
                         [](const auto& row) { return row.param == ip_family::v4 ? "v4" : "v6"; });

TEST_P(DelayedLink, AHandshakeTakesTwoDelaysAndLittleMore) {
    constexpr auto delay = 10ms;
    const stage_network stage({.link_delay = delay});
    const auto listener = listen_in(stage.server_ns(), stage.server_address(GetParam()));
    std::vector<duration> took;
    for (int number = 0; number < 20; ++number) {
        const auto before = steady::now();
        const auto client = connect_in(stage.client_ns(), stage.client_address(GetParam()), local_end(listener.get()));
        took.push_back(steady::now() - before);
    }
    std::ranges::sort(took);
    EXPECT_GE(took.front(), 2 * delay);
    EXPECT_LT(took[took.size() * 9 / 10], 2 * delay + most_are_no_later);
}

/// What the payload of a datagram says.
struct numbered {
    int number;
    time_point sent;
};

unique_fd datagram_socket(const network_namespace& inside, const endpoint& at) {
    const sandbox::netns_scope scope(inside);
    unique_fd fd(sandbox::check("make a socket", ::socket(at.protocol().family(), SOCK_DGRAM | SOCK_CLOEXEC, 0)));
    const int room = 256 * 1024 * 1024;
    sandbox::check("make room", ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room));
    sandbox::check("bind", ::bind(fd.get(), at.data(), static_cast<socklen_t>(at.size())));
    return fd;
}

TEST_P(DelayedLink, TenThousandDatagramsEachWayArriveInOrderEachAfterTheDelay) {
    constexpr auto delay = 10ms;
    constexpr int count = 10'000;
    stage_network stage({.link_delay = delay});
    const auto server = datagram_socket(stage.server_ns(), {stage.server_address(GetParam()), 0});
    const auto client = datagram_socket(stage.client_ns(), {stage.client_address(GetParam()), 0});
    std::vector<duration> took;
    for (const auto& [from, to] : {std::pair(client.get(), server.get()), std::pair(server.get(), client.get())}) {
        const auto target = local_end(to);
        for (int number = 0; number < count; ++number) {
            const numbered one{number, steady::now()};
            sandbox::check("send",
                           ::sendto(from, &one, sizeof one, 0, target.data(), static_cast<socklen_t>(target.size())));
        }
        for (int number = 0; number < count; ++number) {
            numbered one{};
            ASSERT_TRUE(await_readable(to)) << number;
            ASSERT_EQ(::recv(to, &one, sizeof one, 0), static_cast<ssize_t>(sizeof one));
            ASSERT_EQ(one.number, number);
            took.push_back(steady::now() - one.sent);
        }
    }
    EXPECT_GE(*std::ranges::min_element(took), delay);
    EXPECT_EQ(stage.link_trouble(), std::nullopt);
}

TEST_P(DelayedLink, TenThousandSegmentsPassWithoutARepetition) {
    constexpr std::size_t much = 10'000 * 1'448;
    stage_network stage({.link_delay = 2ms});
    const auto listener = listen_in(stage.server_ns(), stage.server_address(GetParam()));
    const auto client = connect_in(stage.client_ns(), stage.client_address(GetParam()), local_end(listener.get()));
    const auto served = accept_one(listener.get());
    const std::string piece(256 * 1024, 'x');
    std::string arrived(piece.size(), '\0');
    std::size_t sent = 0;
    std::size_t received = 0;
    while (received < much) {
        if (sent < much) {
            const auto n = ::send(served.get(), piece.data(), std::min(piece.size(), much - sent), MSG_DONTWAIT);
            if (n > 0) sent += static_cast<std::size_t>(n);
        }
        pollfd waiting{client.get(), POLLIN, 0};
        ASSERT_EQ(::poll(&waiting, 1, 10'000), 1) << received;
        const auto n = ::recv(client.get(), arrived.data(), arrived.size(), MSG_DONTWAIT);
        if (n > 0) received += static_cast<std::size_t>(n);
    }
    tcp_info info{};
    socklen_t size = sizeof info;
    ASSERT_EQ(::getsockopt(served.get(), IPPROTO_TCP, TCP_INFO, &info, &size), 0);
    EXPECT_EQ(info.tcpi_total_retrans, 0U);
    EXPECT_GE(info.tcpi_rtt, 4'000U);
    EXPECT_EQ(stage.link_trouble(), std::nullopt);
}

class Relay : public needs_delayed_links {
protected:
    network_namespace server_ns = network_namespace::create();
    network_namespace client_ns = network_namespace::create();
    stage_addresses at{0};
};

TEST_F(Relay, LivesInThePidNamespaceAndGoesWithTheLink) {
    const sandbox::pid_namespace processes;
    pid_t pid = -1;
    {
        const sandbox::delayed_link link(server_ns, client_ns, 1ms, &processes);
        pid = link.relay_pid();
        EXPECT_EQ(::kill(pid, 0), 0);
        EXPECT_TRUE(eventually([&] { return ::getsid(pid) == pid; })) << "Ctrl-C at a terminal would reach it";
        std::error_code none;
        EXPECT_EQ(std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/ns/pid", none),
                  std::filesystem::read_symlink("/proc/" + std::to_string(processes.init_pid()) + "/ns/pid", none));
    }
    EXPECT_EQ(::kill(pid, 0), -1);
    EXPECT_EQ(errno, ESRCH);
}

TEST_F(Relay, HoldsNothingOpenThatIsOurs) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const unique_fd reading(ends[0]);
    unique_fd writing(ends[1]);
    const sandbox::delayed_link link(server_ns, client_ns, 1ms, nullptr);
    writing.reset();
    EXPECT_EQ(read_to_end(reading.get()), "");
}

TEST_F(Relay, ItsDeathIsToldAndTheInterfacesStay) {
    sandbox::delayed_link link(server_ns, client_ns, 1ms, nullptr);
    EXPECT_EQ(link.trouble(), std::nullopt);
    ASSERT_EQ(::kill(link.relay_pid(), SIGKILL), 0);
    ASSERT_TRUE(eventually([&] { return link.trouble().has_value(); }));
    EXPECT_EQ(*link.trouble(), "the relay of the delayed link ended: signal 9 (Killed)");
    EXPECT_NO_THROW(link.add_address(link_side::client, at.client(ip_family::v4, 0), 24));
}

TEST_F(Relay, FramesThatFindNoRoomAreCounted) {
    sandbox::delayed_link link(server_ns, client_ns, 1ms, nullptr);
    link.add_address(link_side::server, at.server(ip_family::v4), 24);
    link.add_address(link_side::client, at.client(ip_family::v4, 0), 24);
    ASSERT_EQ(::kill(link.relay_pid(), SIGSTOP), 0);
    const auto client = datagram_socket(client_ns, {at.client(ip_family::v4, 0), 0});
    const endpoint target(at.server(ip_family::v4), 9);
    for (int number = 0; number < 40'000; ++number)
        (void)::sendto(client.get(), "x", 1, 0, target.data(), static_cast<socklen_t>(target.size()));
    ASSERT_TRUE(link.trouble());
    EXPECT_TRUE(says(*link.trouble(), "the delayed link lost "));
    // What waits in the interface's queue is carried, whatever was lost.
    ASSERT_EQ(::kill(link.relay_pid(), SIGCONT), 0);
}

}  // namespace
}  // namespace firstfin::testing
