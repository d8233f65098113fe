#include <atomic>
#include <map>
#include <thread>
#include <vector>

#include "harness/verdict/wire_reading.hpp"
#include "harness/witness/joiner.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/harness/witness/watched_stage.hpp"

namespace firstfin::testing {
namespace {

using namespace std::chrono_literals;
using witness::capture;

constexpr std::uint64_t crowd_segments = 100'000;
constexpr std::uint64_t burst_segments = 20'000;

// More than the kernel keeps for the capture (16 MiB), at some 450 bytes a full frame cut to the snapshot length.
constexpr std::size_t flood_bytes = 150'000'000;

/// Joins what the capture hands over, as a run does.
class joined_capture {
public:
    explicit joined_capture(watched_stage& stage) : stage_(stage) {}

    void begin(std::uint64_t number, const tcp_pair& both) {
        role::event connected;
        connected.kind = role::event_kind::connected;
        connected.conn = number;
        connected.trial = number;
        connected.local = local_end(both.client.get());
        connected.remote = stage_.listener();
        join_.add(0, side::client, connected);
    }
    void read() { stage_.wire().read(take_, nullptr); }
    capture::end drain(duration patience) { return stage_.wire().drain(patience, take_, nullptr); }

    [[nodiscard]] std::uint64_t segments() const { return segments_; }
    /// Segments of the joined connections; fails for each that misses one.
    [[nodiscard]] std::uint64_t segments_without_a_hole() const {
        std::uint64_t all = 0;
        for (const auto& [number, one] : connections_) {
            const auto said = read_wire(one->seen.segments);
            EXPECT_EQ(said.fault, "") << "connection " << number;
            EXPECT_EQ(said.first_fin, party::server) << "connection " << number;
            all += one->seen.segments.size();
        }
        return all;
    }

private:
    watched_stage& stage_;
    std::uint64_t segments_ = 0;
    std::map<std::uint64_t, witness::joiner::connection_ptr> connections_;
    witness::joiner join_{[this](const auto& one) { connections_[one->trial.value()] = one; }};
    capture::on_frame take_ = [this](time_point at, std::span<const std::uint8_t> bytes) {
        const auto seen = witness::parse_ethernet_frame(bytes);
        if (!seen) return;
        ++segments_;
        join_.add(at, *seen, stage_.sender_of(*seen));
    };
};

class CaptureOfACrowd : public needs_namespaces {};

TEST_F(CaptureOfACrowd, loses_none_of_a_hundred_thousand_segments) {
    watched_stage stage;
    joined_capture seen(stage);
    std::vector<tcp_pair> pairs;
    for (std::uint64_t number = 1; number <= 50; ++number) {
        pairs.push_back(stage.connect());
        seen.begin(number, pairs.back());
    }
    std::atomic<bool> over = false;
    std::jthread traffic([&] {
        while (stage.segments_counted() < crowd_segments && !HasFailure())
            for (int round = 0; round < 10; ++round)
                for (const auto& each : pairs)
                    exchange(each);
        for (auto& each : pairs)
            close_in_order(each);
        over = true;
    });
    while (!over) {
        pollfd readable{stage.wire().fd(), POLLIN, 0};
        ::poll(&readable, 1, 10);
        seen.read();
    }
    const auto end = seen.drain(test_deadline);
    const auto counted = stage.segments_counted();
    EXPECT_GE(counted, crowd_segments);
    EXPECT_TRUE(end.tail_seen);
    EXPECT_EQ(end.lost, 0U);
    EXPECT_FALSE(end.clock_stepped);
    EXPECT_EQ(seen.segments(), counted);
    EXPECT_EQ(seen.segments_without_a_hole(), counted);
}

TEST_F(CaptureOfACrowd, loses_none_of_five_thousand_short_connections) {
    watched_stage stage;
    joined_capture seen(stage);
    for (std::uint64_t number = 1; number <= 5'000; ++number) {
        auto both = stage.connect();
        seen.begin(number, both);
        exchange(both);
        close_in_order(both);
        if (number % 100 == 0) seen.read();
    }
    const auto end = seen.drain(test_deadline);
    EXPECT_TRUE(end.tail_seen);
    EXPECT_EQ(end.lost, 0U);
    EXPECT_EQ(seen.segments(), stage.segments_counted());
    EXPECT_EQ(seen.segments_without_a_hole(), stage.segments_counted());
}

TEST_F(CaptureOfACrowd, keeps_a_burst_until_somebody_reads) {
    watched_stage stage;
    joined_capture seen(stage);
    auto both = stage.connect();
    seen.begin(1, both);
    while (stage.segments_counted() < burst_segments && !HasFailure())
        for (int round = 0; round < 100; ++round)
            exchange(both);
    close_in_order(both);
    const auto end = seen.drain(test_deadline);
    EXPECT_TRUE(end.tail_seen);
    EXPECT_EQ(end.lost, 0U);
    EXPECT_EQ(seen.segments(), stage.segments_counted());
    EXPECT_EQ(seen.segments_without_a_hole(), stage.segments_counted());
}

TEST_F(CaptureOfACrowd, says_how_many_it_lost_when_nobody_read_for_too_long) {
    watched_stage stage;
    joined_capture seen(stage);
    auto both = stage.connect();
    std::jthread sender([&, piece = std::string(1 << 16, 'x')] {
        for (std::size_t sent = 0; sent < flood_bytes; sent += piece.size())
            send_whole(both.client.get(), piece);
    });
    await_bytes(both.served.get(), (flood_bytes + 0xffff) / 0x10000 * 0x10000);
    sender.join();
    close_in_order(both);
    const auto end = seen.drain(1s);
    const auto counted = stage.segments_counted();
    EXPECT_GT(end.lost, 0U);
    EXPECT_LT(seen.segments(), counted);
    // The marker may be among the lost.
    const auto markers = end.tail_seen ? 0U : 1U;
    EXPECT_EQ(seen.segments() + end.lost, counted + markers);
}

}  // namespace
}  // namespace firstfin::testing
