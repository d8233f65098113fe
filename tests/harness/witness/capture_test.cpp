#include "harness/witness/capture.hpp"

#include <thread>
#include <vector>

#include "harness/verdict/wire_reading.hpp"
#include "harness/witness/joiner.hpp"
#include "tests/harness/sandbox/messages.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/harness/witness/watched_stage.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::testing {
namespace {

using namespace std::chrono_literals;
using sandbox::ip_family;
using witness::capture;
using witness::capture_file;
using witness::packet;
namespace tcp_flag = witness::tcp_flag;

/// Packets are stamped by the wall clock, which NTP may steer while a test runs, and moved to the monotonic clock by a
/// distance taken once. Further away than this means that a clock stepped.
constexpr auto clock_tolerance = 1ms;

struct frame {
    time_point at;
    std::vector<std::uint8_t> bytes;
};

/// Everything that the capture of a stage hands over.
class recording {
public:
    explicit recording(watched_stage& of) : stage_(of) {}

    void read(capture_file* file = nullptr) { stage_.wire().read(keep_, file); }
    capture::end drain(duration patience = test_deadline, capture_file* file = nullptr) {
        return stage_.wire().drain(patience, keep_, file);
    }
    [[nodiscard]] const std::vector<frame>& frames() const { return frames_; }
    [[nodiscard]] std::vector<packet> segments() const {
        std::vector<packet> out;
        for (const auto& each : frames_)
            if (const auto seen = witness::parse_ethernet_frame(each.bytes)) out.push_back(*seen);
        return out;
    }
    /// When the first segment with these flags and this sender passed.
    [[nodiscard]] time_point time_of(side from, std::uint8_t flags) const {
        for (const auto& each : frames_) {
            const auto seen = witness::parse_ethernet_frame(each.bytes);
            if (seen && stage_.sender_of(*seen) == from && seen->flags == flags) return each.at;
        }
        ADD_FAILURE() << "no segment of the " << to_text(from) << " with flags " << int{flags};
        return {};
    }

private:
    watched_stage& stage_;
    std::vector<frame> frames_;
    capture::on_frame keep_ = [this](time_point at, std::span<const std::uint8_t> bytes) {
        frames_.push_back({at, {bytes.begin(), bytes.end()}});
    };
};

class Capture : public needs_namespaces, public ::testing::WithParamInterface<ip_family> {};

INSTANTIATE_TEST_SUITE_P(Families, Capture, ::testing::Values(ip_family::v4, ip_family::v6),
                         [](const auto& row) { return row.param == ip_family::v4 ? "v4" : "v6"; });

TEST_P(Capture, sees_a_connection_whole_and_the_joiner_makes_one_of_it) {
    watched_stage stage(GetParam());
    recording seen(stage);
    auto both = stage.connect();
    const auto client = local_end(both.client.get());
    for (int i = 0; i < 3; ++i)
        exchange(both);
    close_in_order(both);
    const auto end = seen.drain();
    EXPECT_TRUE(end.tail_seen);
    EXPECT_EQ(end.lost, 0U);
    EXPECT_FALSE(end.clock_stepped);
    EXPECT_EQ(end.captured, seen.frames().size() + 1) << "the marker counts, and is not handed over";
    EXPECT_EQ(seen.segments().size(), stage.segments_counted());

    witness::joiner::connection_ptr joined;
    witness::joiner join([&](const auto& one) { joined = one; });
    for (const auto& each : seen.frames())
        if (const auto segment = witness::parse_ethernet_frame(each.bytes))
            join.add(each.at, *segment, stage.sender_of(*segment));
    role::event connected;
    connected.kind = role::event_kind::connected;
    connected.conn = 1;
    connected.local = client;
    connected.remote = stage.listener();
    join.add(0, side::client, connected);
    ASSERT_TRUE(joined);
    EXPECT_EQ(joined->seen.segments.size(), stage.segments_counted());
    const auto& first = joined->seen.segments.front();
    EXPECT_EQ(first.from, side::client);
    EXPECT_EQ(first.flags & (tcp_flag::syn | tcp_flag::ack), tcp_flag::syn);

    const auto said = read_wire(joined->seen.segments);
    EXPECT_EQ(said.fault, "");
    EXPECT_TRUE(said.handshake);
    EXPECT_TRUE(said.server_fin);
    EXPECT_TRUE(said.client_fin);
    EXPECT_EQ(said.first_fin, party::server);
}

TEST_P(Capture, keeps_the_time_of_the_monotonic_clock) {
    watched_stage stage(GetParam());
    recording seen(stage);
    const auto before_connect = steady::now();
    auto both = stage.connect();
    const auto connected = steady::now();
    const auto before_request = steady::now();
    exchange(both);
    const auto answered = steady::now();
    both.served.reset();
    EXPECT_EQ(read_to_end(both.client.get()), "");
    const auto eof = steady::now();
    EXPECT_TRUE(seen.drain().tail_seen);

    const auto between = [&](time_point earliest, time_point at, time_point latest) {
        return at >= earliest - clock_tolerance && at <= latest + clock_tolerance;
    };
    using namespace tcp_flag;
    EXPECT_TRUE(between(before_connect, seen.time_of(side::client, syn), connected));
    EXPECT_TRUE(between(before_connect, seen.time_of(side::server, syn | ack), connected));
    EXPECT_TRUE(between(before_request, seen.time_of(side::client, psh | ack), answered));
    EXPECT_TRUE(between(before_request, seen.time_of(side::server, psh | ack), answered));
    EXPECT_TRUE(between(answered, seen.time_of(side::server, fin | ack), eof));
}

TEST_P(Capture, drains_again_after_a_drain) {
    watched_stage stage(GetParam());
    recording seen(stage);
    for (int round = 0; round < 3; ++round) {
        auto both = stage.connect();
        close_in_order(both);
        const auto end = seen.drain();
        EXPECT_TRUE(end.tail_seen);
        EXPECT_EQ(end.lost, 0U);
        EXPECT_EQ(seen.segments().size(), stage.segments_counted());
    }
}

class CaptureOfAStage : public needs_namespaces {};

TEST_F(CaptureOfAStage, is_readable_when_there_is_something_and_never_blocks) {
    watched_stage stage;
    recording seen(stage);
    seen.read();
    EXPECT_TRUE(seen.frames().empty());
    const auto both = stage.connect();
    EXPECT_TRUE(await_readable(stage.wire().fd()));
    EXPECT_TRUE(eventually([&] {
        seen.read();
        return seen.segments().size() >= 3;
    }));
}

TEST_F(CaptureOfAStage, stopped_early_says_so) {
    watched_stage stage;
    recording seen(stage);
    auto both = stage.connect();
    for (int i = 0; i < 100; ++i)
        exchange(both);
    close_in_order(both);
    const auto end = seen.drain(0s);
    EXPECT_TRUE(!end.tail_seen || end.lost > 0) << "the tail is not there, and nobody says so";
    EXPECT_LT(seen.segments().size(), stage.segments_counted());
    // What was left is still there for somebody with patience.
    const auto later = seen.drain();
    EXPECT_TRUE(later.tail_seen);
    EXPECT_EQ(later.lost, 0U);
    EXPECT_EQ(seen.segments().size(), stage.segments_counted());
}

// What nobody has read yet is not lost: the kernel hands over whole blocks, and counts frames before their block is
// full.
TEST_F(CaptureOfAStage, drained_in_the_middle_of_traffic_calls_nothing_lost) {
    watched_stage stage;
    recording seen(stage);
    const auto both = stage.connect();
    const std::jthread traffic([&](const std::stop_token& stop) {
        while (!stop.stop_requested())
            exchange(both);
    });
    for (int round = 0; round < 10; ++round) {
        const auto end = seen.drain();
        EXPECT_TRUE(end.tail_seen);
        EXPECT_EQ(end.lost, 0U);
    }
}

TEST_F(CaptureOfAStage, begun_in_the_middle_of_other_traffic_calls_nothing_lost) {
    const watched_stage stage;
    const auto& network = stage.network();
    const std::jthread noise([&](const std::stop_token& stop) {
        sandbox::unique_fd udp;
        {
            const sandbox::netns_scope scope(network.client_ns());
            udp.reset(sandbox::check("make a socket", ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)));
        }
        const endpoint to(stage.server(), 7);
        while (!stop.stop_requested())
            ::sendto(udp.get(), "noise", 5, 0, to.data(), static_cast<socklen_t>(to.size()));
    });
    std::uint64_t frames = 0;
    const capture::on_frame count = [&](time_point, std::span<const std::uint8_t>) { ++frames; };
    for (int round = 0; round < 10; ++round) {
        capture wire(network.client_ns(), sandbox::stage_network::client_interface(), endpoint(stage.server(), 0));
        const auto end = wire.drain(test_deadline, count, nullptr);
        EXPECT_TRUE(end.tail_seen);
        EXPECT_EQ(end.lost, 0U);
    }
    EXPECT_EQ(frames, 0U) << "what the filter leaves out came through";
}

TEST_P(Capture, of_what_begins_and_ends_connections) {
    const watched_stage stage(GetParam());
    witness::capture_options options;
    options.filter = witness::capture_options::syn_fin_rst;
    options.snapshot_length = 1;  // is raised to what the marker needs
    capture wire(stage.network().client_ns(), sandbox::stage_network::client_interface(), endpoint(stage.server(), 0),
                 options);
    auto both = stage.connect();
    for (int i = 0; i < 10; ++i)
        exchange(both);
    close_in_order(both);
    auto reset = stage.connect();
    send_whole(reset.client.get(), "?");
    EXPECT_TRUE(await_readable(reset.served.get()));
    reset.served.reset();  // over unread data
    EXPECT_TRUE(await_readable(reset.client.get()));

    std::vector<int> flags;
    const auto end = wire.drain(
        test_deadline,
        [&](time_point, std::span<const std::uint8_t> bytes) {
            const auto seen = witness::parse_ethernet_frame(bytes);
            ASSERT_TRUE(seen);
            flags.push_back(seen->flags & (tcp_flag::syn | tcp_flag::fin | tcp_flag::rst));
        },
        nullptr);
    EXPECT_TRUE(end.tail_seen);
    EXPECT_EQ(end.lost, 0U);
    using namespace tcp_flag;
    EXPECT_EQ(flags, (std::vector<int>{syn, syn, fin, fin, syn, syn, rst}));
}

TEST_F(CaptureOfAStage, with_a_filter_that_is_none_says_which) {
    const watched_stage stage;
    witness::capture_options options;
    options.filter = "tcp and nonsense";
    const auto message = message_of([&] {
        capture(stage.network().client_ns(), sandbox::stage_network::client_interface(), endpoint(stage.server(), 0),
                options);
    });
    EXPECT_TRUE(says(message, "tcp and nonsense"));
}

TEST_F(CaptureOfAStage, needs_an_interface) {
    const watched_stage stage;
    const auto message = message_of([&] { capture(stage.network().client_ns(), "ff7", endpoint(stage.server(), 0)); });
    EXPECT_TRUE(says(message, "ff7"));
}

TEST_F(CaptureOfAStage, writes_a_file_that_libpcap_reads_back) {
    const test::temporary_folder folder;
    const auto name = folder.path() / "capture.pcap";
    watched_stage stage;
    recording seen(stage);
    {
        capture_file file(name);
        auto both = stage.connect();
        exchange(both);
        seen.read(&file);
        send_whole(both.client.get(), std::string(1'000, 'x'));  // more than a capture keeps of a frame
        await_bytes(both.served.get(), 1'000);
        close_in_order(both);
        EXPECT_TRUE(seen.drain(test_deadline, &file).tail_seen);
        EXPECT_TRUE(file.flush());
    }
    std::array<char, PCAP_ERRBUF_SIZE> why{};
    auto* const saved = pcap_open_offline_with_tstamp_precision(name.c_str(), PCAP_TSTAMP_PRECISION_NANO, why.data());
    ASSERT_NE(saved, nullptr) << why.data();
    EXPECT_EQ(pcap_datalink(saved), DLT_EN10MB);
    EXPECT_EQ(pcap_snapshot(saved), capture::snapshot_length);
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    std::size_t count = 0;
    std::optional<duration> distance;  // of the wall clock: one number for the whole file
    bool cut = false;
    while (pcap_next_ex(saved, &header, &bytes) == 1) {
        ASSERT_LT(count, seen.frames().size());
        const auto& handed_over = seen.frames()[count++];
        EXPECT_EQ(std::vector<std::uint8_t>(bytes, bytes + header->caplen), handed_over.bytes);
        EXPECT_LE(header->caplen, static_cast<unsigned>(capture::snapshot_length));
        cut = cut || header->len > header->caplen;
        const auto wall = std::chrono::seconds(header->ts.tv_sec) + std::chrono::nanoseconds(header->ts.tv_usec);
        const auto this_distance = wall - handed_over.at.time_since_epoch();
        EXPECT_EQ(distance.value_or(this_distance), this_distance);
        distance = this_distance;
    }
    pcap_close(saved);
    EXPECT_EQ(count, seen.frames().size());
    EXPECT_TRUE(cut);
    ASSERT_TRUE(distance);
    EXPECT_LT(std::chrono::abs(*distance - witness::wall_minus_monotonic()), clock_tolerance);

    std::ifstream raw(name, std::ios::binary);
    std::uint32_t magic = 0;
    raw.read(reinterpret_cast<char*>(&magic), sizeof magic);
    EXPECT_EQ(magic, 0xa1b23c4dU) << "pcap with nanoseconds, in this machine's byte order";
}

TEST(CaptureFile, NamesAPlaceThatCannotBeWritten) {
    EXPECT_TRUE(says(message_of([] { capture_file("/no/such/folder/capture.pcap"); }), "/no/such/folder/capture.pcap"));
}

TEST(CaptureFile, SaysWhenTheDiskIsFull) {
    capture_file file("/dev/full");
    EXPECT_FALSE(file.flush());
}

TEST(WallMinusMonotonic, IsTheSameTwice) {
    EXPECT_LT(std::chrono::abs(witness::wall_minus_monotonic() - witness::wall_minus_monotonic()), clock_tolerance);
}

}  // namespace
}  // namespace firstfin::testing
