#include "harness/bench/watch/tcp_counters.hpp"

#include "harness/sandbox/sysctl.hpp"
#include "tests/harness/bench/watch/bench_stage.hpp"
#include "tests/harness/sandbox/messages.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"

namespace firstfin::testing {
namespace {

using bench::tcp_counters;
using bench::tcp_counts;

class TcpCounters : public needs_namespaces {};

TEST_F(TcpCounters, count_one_connection_at_each_end) {
    const bench_stage stage;
    const tcp_counters client(stage.client_ns());
    const tcp_counters server(stage.server_ns());
    const auto client_before = client.now();
    const auto server_before = server.now();
    auto ends = stage.connect();
    EXPECT_EQ(client.now().established, 1);
    EXPECT_EQ(server.now().established, 1);
    bench_stage::close_by(side::client, ends);
    // SYN, ACK, FIN, ACK against SYN-ACK, ACK, FIN; the ACK of the first FIN may travel with the second.
    EXPECT_TRUE(eventually([&] {
        const auto from_client = client.now() - client_before;
        const auto from_server = server.now() - server_before;
        return from_client.segments_out == 4 && from_server.segments_in == 4 &&
               from_client.segments_in == from_server.segments_out && from_server.segments_out >= 2;
    }));
    const auto both = (client.now() - client_before) + (server.now() - server_before);
    EXPECT_EQ(both.segments_sent(), both.segments_in);
    EXPECT_EQ(both.established, 0);
    EXPECT_EQ(both.resets_sent, 0);
    EXPECT_EQ(both.retransmitted, 0);
    EXPECT_EQ((client.now() - client_before).time_waits_begun, 1) << "counted when it begins, not when it ends";
    EXPECT_EQ((server.now() - server_before).time_waits_begun, 0);
}

TEST_F(TcpCounters, count_resets_and_refusals) {
    bench_stage stage;
    const tcp_counters client(stage.client_ns());
    const tcp_counters server(stage.server_ns());
    auto ends = stage.connect();
    bench_stage::reset_by(side::client, ends);
    EXPECT_EQ(client.now().resets_sent, 1);
    const endpoint closed(stage.server_address(), 1);
    EXPECT_THROW(connect_in(stage.client_ns(), stage.network().client_address(sandbox::ip_family::v4), closed),
                 std::exception);
    EXPECT_EQ(client.now().failed_attempts, 1);
    EXPECT_EQ(server.now().resets_sent, 1);
}

TEST_F(TcpCounters, count_time_waits_that_are_not_there) {
    const bench_stage stage(sandbox::ip_family::v4, {.stage = 12, .tcp_max_tw_buckets = 2});
    const tcp_counters client(stage.client_ns());
    for (int i = 0; i < 5; ++i) {
        auto ends = stage.connect();
        bench_stage::close_by(side::client, ends);
    }
    EXPECT_TRUE(eventually([&] { return client.now().time_wait_overflow == 3; })) << client.now().time_wait_overflow;
}

TEST_F(TcpCounters, count_ports_taken_out_of_time_wait) {
    // Two ports, of which the kernel may take any that has been in TIME_WAIT for the delay.
    const bench_stage stage(sandbox::ip_family::v4, {.stage = 12,
                                                     .client_sysctls = {{"net.ipv4.ip_local_port_range", "40000 40001"},
                                                                        {"net.ipv4.tcp_tw_reuse", "1"}}});
    if (!sandbox::has_sysctl(stage.client_ns(), "net.ipv4.tcp_tw_reuse_delay"))
        GTEST_SKIP() << "this kernel reuses after a second and no sooner";
    sandbox::set_sysctl(stage.client_ns(), "net.ipv4.tcp_tw_reuse_delay", "1");
    const tcp_counters client(stage.client_ns());
    for (int i = 0; i < 6; ++i) {
        std::optional<both_ends> ends;
        ASSERT_TRUE(eventually([&] {
            try {
                ends = stage.connect();
            } catch (const boost::system::system_error&) {  // no port yet
            }
            return ends.has_value();
        }));
        bench_stage::close_by(side::client, *ends);
    }
    EXPECT_GE(client.now().time_wait_reused, 4);
    EXPECT_EQ(client.now().time_waits_begun, 6);
    EXPECT_EQ(client.now().time_wait_overflow, 0);
}

TEST_F(TcpCounters, count_connections_that_the_listener_had_no_room_for) {
    const bench_stage stage;
    sandbox::check("shorten the queue", ::listen(stage.listener(), 0));
    const tcp_counters server(stage.server_ns());
    std::vector<sandbox::unique_fd> waiting;
    const auto to = stage.server();
    for (int i = 0; i < 4; ++i) {
        const sandbox::netns_scope scope(stage.client_ns());
        waiting.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        (void)::connect(waiting.back().get(), to.data(), static_cast<socklen_t>(to.size()));
    }
    EXPECT_TRUE(eventually([&] { return server.now().listen_overflows > 0; }));
    EXPECT_GE(server.now().listen_drops, server.now().listen_overflows);
}

TEST(TcpCountsOf, TwoNamespacesAndTwoMoments) {
    tcp_counts early;
    early.segments_out = 5;
    early.established = 10;
    tcp_counts late;
    late.segments_out = 12;
    late.established = 4;
    late.time_wait_reused = 3;
    const auto grew = late - early;
    EXPECT_EQ(grew.segments_out, 7);
    EXPECT_EQ(grew.established, -6);
    EXPECT_EQ(grew.time_wait_reused, 3);
    EXPECT_EQ(grew + early, late);
}

}  // namespace
}  // namespace firstfin::testing
