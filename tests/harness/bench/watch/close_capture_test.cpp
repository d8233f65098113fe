#include "harness/bench/watch/close_capture.hpp"

#include <linux/if_packet.h>
#include <net/if.h>

#include <array>

#include "tests/harness/bench/watch/bench_stage.hpp"
#include "tests/harness/sandbox/messages.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"

namespace firstfin::testing {
namespace {

using namespace std::chrono_literals;
using bench::close_capture;
using bench::first_fins;
using bench::wire_closes;
using sandbox::ip_family;

class watching_closes : public needs_namespaces {
protected:
    boost::asio::io_context context_;

    [[nodiscard]] close_capture watch(const bench_stage& stage, int buffer = close_capture::default_buffer_bytes) {
        return {context_, stage.client_ns(), sandbox::stage_network::client_interface(), stage.server(), buffer};
    }
    /// Until that many have ended. The peer of the last one may not have sent its FIN yet.
    void run_until_ended(const close_capture& wire, std::uint64_t count) {
        EXPECT_TRUE(eventually([&] {
            context_.poll();
            const auto so_far = wire.so_far().ended();
            return so_far.client + so_far.server + so_far.both >= count;
        }));
    }
};

class CloseCapture : public watching_closes, public ::testing::WithParamInterface<ip_family> {};

INSTANTIATE_TEST_SUITE_P(Families, CloseCapture, ::testing::Values(ip_family::v4, ip_family::v6),
                         [](const auto& row) { return row.param == ip_family::v4 ? "v4" : "v6"; });

/// What was sent is there: the capture's answer is about all of it.
void expect_whole(const wire_closes& seen) {
    EXPECT_TRUE(seen.whole);
    EXPECT_EQ(seen.lost, 0U);
    EXPECT_EQ(seen.first.witness, "wire");
    EXPECT_EQ(seen.first.unknown, 0U);
}

TEST_P(CloseCapture, tells_each_way_to_close) {
    bench_stage stage(GetParam());
    auto wire = watch(stage);
    const auto times = [&](int count, auto end, side first) {
        for (int i = 0; i < count; ++i) {
            auto ends = stage.connect();
            EXPECT_EQ(::send(ends.client.get(), "?", 1, 0), 1);
            char byte = 0;
            EXPECT_EQ(::recv(ends.server.get(), &byte, 1, 0), 1);
            end(first, ends);
        }
    };
    times(2, bench_stage::close_by, side::client);
    times(3, bench_stage::close_by, side::server);
    times(4, bench_stage::reset_by, side::client);
    times(5, bench_stage::reset_by, side::server);
    const auto still_open = stage.connect();
    const auto half_closed = stage.connect();
    EXPECT_EQ(::shutdown(half_closed.server.get(), SHUT_WR), 0);
    EXPECT_EQ(read_to_end(half_closed.client.get()), "");

    const auto seen = wire.finish();
    expect_whole(seen);
    EXPECT_EQ(seen.first.client, 2U);
    EXPECT_EQ(seen.first.server, 3U + 1U);
    EXPECT_EQ(seen.first.both, 0U);
    EXPECT_EQ(seen.first.reset_by_client, 4U);
    EXPECT_EQ(seen.first.reset_by_server, 5U);
    EXPECT_EQ(seen.open, 1U);
    EXPECT_EQ(seen.attempts, 0U);
    // SYN, SYN-ACK and two FINs, or a RST; one FIN of the half-closed one.
    EXPECT_EQ(seen.captured, 16U * 2U + 5U * 2U + 9U + 1U);
}

TEST_P(CloseCapture, tells_an_attempt_from_a_connection) {
    bench_stage stage(GetParam());
    auto wire = watch(stage);
    const auto closed_again = stage.server();
    EXPECT_EQ(::shutdown(stage.listener(), SHUT_RDWR), 0);
    EXPECT_THROW(connect_in(stage.client_ns(), stage.network().client_address(GetParam()), closed_again),
                 std::exception);
    const auto seen = wire.finish();
    expect_whole(seen);
    EXPECT_EQ(seen.attempts, 1U);
    EXPECT_EQ(seen.open, 0U);
    EXPECT_EQ(seen.first.reset_by_server, 0U);
}

class CloseCaptureOf : public watching_closes {};

TEST_F(CloseCaptureOf, AServerThatAnswersUnreadDataWithAReset) {
    const bench_stage stage;
    auto wire = watch(stage);
    // The client closes first; the server has read nothing, so its close resets.
    auto ends = stage.connect();
    EXPECT_EQ(::send(ends.client.get(), "?", 1, 0), 1);
    ends.client.reset();
    EXPECT_TRUE(await_readable(ends.server.get()));
    run_until_ended(wire, 1);  // the FIN is there
    ends.server.reset();
    const auto seen = wire.finish();
    expect_whole(seen);
    EXPECT_EQ(seen.first.client, 1U);
    EXPECT_EQ(seen.first.reset_by_server, 0U);
    EXPECT_EQ(seen.captured, 4U) << "SYN, SYN-ACK, FIN, RST";
}

TEST_F(CloseCaptureOf, ManyConnectionsWhileTheContextRuns) {
    const bench_stage stage;
    auto wire = watch(stage);
    constexpr std::uint64_t rounds = 2'000;
    for (std::uint64_t i = 0; i < rounds; ++i) {
        auto ends = stage.connect();
        bench_stage::close_by(i % 2 == 0 ? side::client : side::server, ends);
        context_.poll();
    }
    run_until_ended(wire, rounds);
    const auto before = wire.so_far().ended();
    EXPECT_EQ(before.client, rounds / 2);
    EXPECT_EQ(before.server, rounds / 2);
    const auto seen = wire.finish();
    expect_whole(seen);
    EXPECT_EQ(seen.first, before);
    EXPECT_EQ(seen.captured, rounds * 4);
}

// Requests are the bulk of a run, and none of the capture's business.
TEST_F(CloseCaptureOf, SegmentsThatNeitherBeginNorEnd) {
    const bench_stage stage;
    auto wire = watch(stage);
    const auto ends = stage.connect();
    char byte = 0;
    for (int i = 0; i < 1'000; ++i) {
        ASSERT_EQ(::send(ends.client.get(), "?", 1, 0), 1);
        ASSERT_EQ(::recv(ends.server.get(), &byte, 1, 0), 1);
    }
    const auto seen = wire.finish();
    expect_whole(seen);
    EXPECT_EQ(seen.captured, 2U);
    EXPECT_EQ(seen.open, 1U);
}

TEST_F(CloseCaptureOf, ARunThatWasStoppedTooEarlyIsNotWhole) {
    const bench_stage stage;
    auto wire = watch(stage);
    auto ends = stage.connect();
    bench_stage::close_by(side::client, ends);
    const auto seen = wire.finish(0s);
    EXPECT_FALSE(seen.whole);
}

/// Whole connections that are frames alone, from ports and addresses of a client that is nobody: the server's end of
/// the cable drops what is not for its Ethernet address.
class flood {
public:
    explicit flood(const bench_stage& stage) : server_(stage.server()) {
        const sandbox::netns_scope scope(stage.client_ns());
        socket_.reset(sandbox::check("open a packet socket", ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)));
        to_.sll_family = AF_PACKET;
        to_.sll_ifindex = static_cast<int>(::if_nametoindex(sandbox::stage_network::client_interface().c_str()));
    }
    /// The server is first.
    void send_connection(std::uint32_t number) {
        const auto port = static_cast<std::uint16_t>(1024 + number % 50'000);
        const std::uint32_t isn = number;
        using namespace witness::tcp_flag;
        send(side::client, port, isn, 0, syn);
        send(side::server, port, 7, isn + 1, syn | ack);
        send(side::server, port, 8, isn + 1, fin | ack);
        send(side::client, port, isn + 1, 9, fin | ack);
    }

private:
    void send(side from, std::uint16_t client_port, std::uint32_t seq, std::uint32_t ack, int flags) {
        std::array<std::uint8_t, 54> frame{0x02, 0, 0,    0,    0,    0x77, 0x02, 0, 0,
                                           0,    0, 0x02, 0x08, 0x00, 0x45, 0,    0, 40,  // IPv4, 40 bytes in all
                                           0,    0, 0,    0,    64,   6,    0,    0};
        const auto put = [&frame](std::size_t at, auto value, int bytes) {
            for (int i = 0; i < bytes; ++i)
                frame.at(at + static_cast<std::size_t>(i)) = static_cast<std::uint8_t>(value >> 8 * (bytes - 1 - i));
        };
        const auto server = server_.address().to_v4().to_uint();
        const auto client = boost::asio::ip::make_address_v4("192.0.2.7").to_uint();
        const bool is_client = from == side::client;
        put(26, is_client ? client : server, 4);
        put(30, is_client ? server : client, 4);
        put(34, is_client ? client_port : server_.port(), 2);
        put(36, is_client ? server_.port() : client_port, 2);
        put(38, seq, 4);
        put(42, ack, 4);
        frame[46] = 0x50;
        frame[47] = static_cast<std::uint8_t>(flags);
        const auto* to = reinterpret_cast<const sockaddr*>(&to_);
        sandbox::check("send a frame", ::sendto(socket_.get(), frame.data(), frame.size(), 0, to, sizeof to_));
    }

    endpoint server_;
    sandbox::unique_fd socket_;
    sockaddr_ll to_{};
};

// As many as a fast run makes in a second.
TEST_F(CloseCaptureOf, FortyThousandConnectionsThatNobodyReadMeanwhile) {
    const bench_stage stage;
    flood frames(stage);
    auto wire = watch(stage);
    constexpr std::uint32_t count = 40'000;
    for (std::uint32_t i = 0; i < count; ++i)
        frames.send_connection(i);
    const auto seen = wire.finish();
    expect_whole(seen);
    EXPECT_EQ(seen.first.server, count);
    EXPECT_EQ(seen.captured, count * 4U);
}

TEST_F(CloseCaptureOf, MoreThanTheKernelKeepsSaysHowManyItLost) {
    const bench_stage stage;
    flood frames(stage);
    auto wire = watch(stage, 512 * 1024);
    constexpr std::uint32_t count = 10'000;
    for (std::uint32_t i = 0; i < count; ++i)
        frames.send_connection(i);
    const auto seen = wire.finish(1s);
    EXPECT_FALSE(seen.whole);
    EXPECT_GT(seen.lost, 0U);
    EXPECT_GE(seen.captured + seen.lost, count * 4U);
    EXPECT_LE(seen.captured + seen.lost, count * 4U + 1U) << "the marker may be among the lost";
}

TEST_F(CloseCaptureOf, AContextThatRunsWhenTheCaptureIsGone) {
    const bench_stage stage;
    {
        auto wire = watch(stage);
        auto ends = stage.connect();
        bench_stage::close_by(side::client, ends);
        EXPECT_TRUE(wire.finish().whole);
        EXPECT_EQ(wire.so_far().ended().client, 1U);
    }
    {
        auto unfinished = watch(stage);
        const auto ends = stage.connect();
    }
    context_.restart();
    EXPECT_TRUE(eventually([&] { return context_.run_for(1ms) == 0; }));
}

TEST_F(CloseCaptureOf, AnInterfaceThatIsNotThere) {
    const bench_stage stage;
    EXPECT_TRUE(says(message_of([&] { close_capture(context_, stage.client_ns(), "ff7", stage.server()); }), "ff7"));
}

}  // namespace
}  // namespace firstfin::testing
