#include "harness/sandbox/stage_network.hpp"

#include <netinet/in.h>

#include <fstream>
#include <stdexcept>

#include "harness/sandbox/sysctl.hpp"
#include "tests/harness/sandbox/messages.hpp"
#include "tests/harness/sandbox/needs_delayed_links.hpp"
#include "tests/harness/sandbox/plain_tcp.hpp"
#include "tests/harness/sandbox/wire_tap.hpp"

namespace firstfin::testing {
namespace {

using namespace std::chrono_literals;
using sandbox::get_sysctl;
using sandbox::ip_family;
using sandbox::stage_network;

constexpr std::size_t mtu = 1500;

struct link_row {
    const char* name;
    ip_family family;
    duration delay;
};
class StageNetwork : public needs_namespaces, public ::testing::WithParamInterface<link_row> {
protected:
    void SetUp() override {
        needs_namespaces::SetUp();
        if (!IsSkipped() && GetParam().delay != 0ms) need_tap_interfaces();
    }
};

TEST_P(StageNetwork, carries_tcp_from_every_client_address) {
    const auto [name, family, delay] = GetParam();
    const stage_network stage({.stage = 7, .client_addresses = 5, .link_delay = delay});
    const auto listener = listen_in(stage.server_ns(), stage.server_address(family));
    for (unsigned i = 0; i < 5; ++i) {
        const auto from = stage.client_address(family, i);
        const auto client = connect_in(stage.client_ns(), from, local_end(listener.get()));
        const auto served = accept_one(listener.get());
        EXPECT_EQ(remote_end(served.get()).address(), from);
        EXPECT_EQ(::send(served.get(), "hello\n", 6, 0), 6);
        EXPECT_EQ(read_line(client.get()), "hello");
    }
    EXPECT_THROW((void)stage.client_address(family, 5), std::out_of_range);
}

TEST_P(StageNetwork, the_wire_shows_finished_segments_of_at_most_the_mtu_and_no_address_resolution) {
    const auto [name, family, delay] = GetParam();
    const stage_network stage({.stage = 1, .link_delay = delay});
    wire_tap tap(stage.client_ns(), stage_network::client_interface().c_str());
    const auto listener = listen_in(stage.server_ns(), stage.server_address(family));
    const auto client = connect_in(stage.client_ns(), stage.client_address(family), local_end(listener.get()));
    const std::string much(60'000, 'x');  // a whole one fits into the tap's buffer
    std::size_t sent = 0;
    std::size_t received = 0;
    {
        const auto served = accept_one(listener.get());
        std::string piece(much.size(), '\0');
        while (received < much.size()) {
            if (const auto n = ::send(served.get(), much.data() + sent, much.size() - sent, MSG_DONTWAIT); n > 0)
                sent += static_cast<std::size_t>(n);
            if (const auto n = ::recv(client.get(), piece.data(), piece.size(), MSG_DONTWAIT); n > 0)
                received += static_cast<std::size_t>(n);
        }
    }
    EXPECT_EQ(read_to_end(client.get()), "");

    std::size_t data_frames = 0;
    for (const auto& seen : tap.frames()) {
        // TCP alone: no ARP, and no ICMPv6 neighbour discovery.
        ASSERT_TRUE(seen.ethertype == ETH_P_IP || seen.ethertype == ETH_P_IPV6) << seen.ethertype;
        const auto protocol = seen.bytes.at(seen.ethertype == ETH_P_IP ? 9 : 6);
        if (protocol == IPPROTO_HOPOPTS) continue;  // multicast reports of the link itself, for its first seconds
        EXPECT_EQ(protocol, IPPROTO_TCP);
        EXPECT_LE(seen.bytes.size(), mtu);
        EXPECT_FALSE(seen.checksum_missing);
        data_frames += seen.bytes.size() > 1000;
    }
    EXPECT_GE(data_frames, much.size() / mtu);
}

INSTANTIATE_TEST_SUITE_P(Links, StageNetwork,
                         ::testing::Values(link_row{"v4", ip_family::v4, 0ms}, link_row{"v6", ip_family::v6, 0ms},
                                           link_row{"v4_delayed", ip_family::v4, 2ms},
                                           link_row{"v6_delayed", ip_family::v6, 2ms}),
                         [](const auto& row) { return std::string(row.param.name); });

class StageSettings : public needs_namespaces {};

TEST_F(StageSettings, each_side_gets_its_own_sysctls) {
    const stage_network stage(
        {.server_sysctls = {{"net.ipv4.tcp_fin_timeout", "5"}},
         .client_sysctls = {{"net.ipv4.tcp_fin_timeout", "6"}, {"net.ipv4.conf.ff0.forwarding", "1"}},
         .tcp_max_tw_buckets = 12'345});
    EXPECT_EQ(get_sysctl(stage.server_ns(), "net.ipv4.tcp_fin_timeout"), "5");
    EXPECT_EQ(get_sysctl(stage.client_ns(), "net.ipv4.tcp_fin_timeout"), "6");
    EXPECT_EQ(get_sysctl(stage.client_ns(), "net.ipv4.conf.ff0.forwarding"), "1");
    for (const auto* side : {&stage.server_ns(), &stage.client_ns()})
        EXPECT_EQ(get_sysctl(*side, "net.ipv4.tcp_max_tw_buckets"), "12345");
    std::ifstream host("/proc/sys/net/ipv4/tcp_max_tw_buckets");
    std::string on_the_host;
    host >> on_the_host;
    EXPECT_NE(on_the_host, "12345");
}

TEST_F(StageSettings, too_few_time_wait_entries_are_refused_with_both_numbers) {
    // More than the kernel takes: it refuses, and what there is is less.
    const auto message = message_of([] { const stage_network stage({.tcp_max_tw_buckets = 3'000'000'000U}); });
    EXPECT_TRUE(says(message, "3000000000 are needed"));
    EXPECT_TRUE(says(message, "tcp_max_tw_buckets is "));
}

TEST_F(StageSettings, stages_live_side_by_side) {
    const stage_network first({.stage = 1});
    const stage_network second({.stage = 2});
    const auto listener = listen_in(first.server_ns(), first.server_address(ip_family::v4));
    EXPECT_THROW((void)connect_in(second.client_ns(), second.client_address(ip_family::v4), local_end(listener.get())),
                 boost::system::system_error);
}

TEST_F(StageSettings, a_wrong_setting_stops_the_construction) {
    EXPECT_THROW(stage_network({.client_sysctls = {{"net.ipv4.no_such_thing", "1"}}}), boost::system::system_error);
    EXPECT_THROW(stage_network({.stage = 1'000'000}), std::out_of_range);
    EXPECT_THROW(stage_network({.client_addresses = 1'000}), std::out_of_range);
}

}  // namespace
}  // namespace firstfin::testing
