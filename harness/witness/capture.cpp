#include "harness/witness/capture.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "harness/sandbox/system_call.hpp"

namespace firstfin::witness {

using sandbox::check;
using sandbox::unique_fd;

namespace {

constexpr std::uint16_t marker_port = 9;  // discard
constexpr std::string_view marker_text = "firstfin: end of capture ";

// The kernel hands frames over in blocks: when one is full, or this old.
constexpr int block_timeout_ms = 10;

[[noreturn]] void fail(std::string_view attempt, pcap_t* handle) {
    throw std::runtime_error(std::string(attempt) + ": " + pcap_geterr(handle));
}

std::chrono::nanoseconds wall_clock() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

duration wall_minus_monotonic() {
    // The pair read with the least time in between is the best of a few.
    duration best_gap = duration::max();
    duration offset{};
    for (int attempt = 0; attempt < 5; ++attempt) {
        const auto before = steady::now();
        const auto wall = wall_clock();
        const auto after = steady::now();
        if (after - before >= best_gap) continue;
        best_gap = after - before;
        offset = wall - (before + best_gap / 2).time_since_epoch();
    }
    return offset;
}

capture_file::capture_file(const std::filesystem::path& file)
    : format_(pcap_open_dead_with_tstamp_precision(DLT_EN10MB, capture::snapshot_length, PCAP_TSTAMP_PRECISION_NANO)) {
    dumper_.reset(pcap_dump_open(format_.get(), file.c_str()));
    if (!dumper_) fail("write " + file.string(), format_.get());
}

void capture_file::write(const pcap_pkthdr& header, const std::uint8_t* bytes) {
    pcap_dump(reinterpret_cast<u_char*>(dumper_.get()), &header, bytes);
}

bool capture_file::flush() {
    return pcap_dump_flush(dumper_.get()) == 0 && std::ferror(pcap_dump_file(dumper_.get())) == 0;
}

struct capture::state {
    pcap_t* handle = nullptr;
    unique_fd marker;
    sockaddr_storage marker_target{};
    socklen_t marker_target_size = 0;
    duration offset{};
    std::uint64_t unfiltered = 0;  // counted by the kernel before the filter was in place: never to be handed over
    std::uint64_t captured = 0;
    std::string awaited;  // the marker being waited for
    bool marker_seen = false;

    const on_frame* each = nullptr;
    capture_file* file = nullptr;

    ~state() {
        if (handle != nullptr) pcap_close(handle);
    }
    void take(const pcap_pkthdr& header, const std::uint8_t* bytes);
};

void capture::state::take(const pcap_pkthdr& header, const std::uint8_t* bytes) {
    ++captured;
    const std::span frame(bytes, header.caplen);
    if (!awaited.empty() && std::search(frame.begin(), frame.end(), awaited.begin(), awaited.end()) != frame.end()) {
        marker_seen = true;
        return;
    }
    if (file != nullptr) file->write(header, bytes);
    // With nanosecond precision libpcap keeps nanoseconds in tv_usec.
    const auto wall = std::chrono::seconds(header.ts.tv_sec) + std::chrono::nanoseconds(header.ts.tv_usec);
    (*each)(time_point(wall - offset), frame);
}

capture::capture(const sandbox::network_namespace& inside, const std::string& interface, const endpoint& marker_target,
                 const capture_options& options)
    : state_(std::make_unique<state>()) {
    const sandbox::netns_scope scope(inside);
    std::array<char, PCAP_ERRBUF_SIZE> why{};
    state_->handle = pcap_create(interface.c_str(), why.data());
    if (state_->handle == nullptr) throw std::runtime_error("open a capture on " + interface + ": " + why.data());
    auto* handle = state_->handle;
    pcap_set_snaplen(handle, std::max(options.snapshot_length, capture_options::marker_snapshot_length));
    pcap_set_timeout(handle, block_timeout_ms);
    pcap_set_buffer_size(handle, options.kernel_buffer_bytes);
    pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO);
    if (pcap_activate(handle) < 0) fail("start a capture on " + interface, handle);
    if (pcap_setnonblock(handle, 1, why.data()) < 0)
        throw std::runtime_error(std::string("make the capture non-blocking: ") + why.data());
    bpf_program filter{};
    const auto wanted = "(" + options.filter + ") or (udp and dst port 9)";
    if (pcap_compile(handle, &filter, wanted.c_str(), 1, PCAP_NETMASK_UNKNOWN) < 0)
        fail("compile the capture filter " + wanted, handle);
    const int set = pcap_setfilter(handle, &filter);
    pcap_freecode(&filter);
    if (set < 0) fail("set the capture filter", handle);
    if (pcap_stat counters{}; pcap_stats(handle, &counters) == 0) state_->unfiltered = counters.ps_recv;

    const endpoint target(marker_target.address(), marker_port);
    std::memcpy(&state_->marker_target, target.data(), target.size());
    state_->marker_target_size = static_cast<socklen_t>(target.size());
    state_->marker =
        unique_fd(check("open the marker socket", ::socket(target.protocol().family(), SOCK_DGRAM | SOCK_CLOEXEC, 0)));
    state_->offset = wall_minus_monotonic();
}

capture::~capture() = default;

int capture::fd() const {
    return pcap_get_selectable_fd(state_->handle);
}

void capture::read(const on_frame& each, capture_file* file) {
    state_->each = &each;
    state_->file = file;
    const auto take = [](u_char* self, const pcap_pkthdr* header, const u_char* bytes) {
        reinterpret_cast<state*>(self)->take(*header, bytes);
    };
    if (pcap_dispatch(state_->handle, -1, take, reinterpret_cast<u_char*>(state_.get())) < 0)
        fail("read the capture", state_->handle);
}

capture::end capture::drain(duration patience, const on_frame& each, capture_file* file) {
    auto& mine = *state_;
    mine.awaited = std::string(marker_text) + std::to_string(steady::now().time_since_epoch().count());
    mine.marker_seen = false;
    ::sendto(mine.marker.get(), mine.awaited.data(), mine.awaited.size(), MSG_DONTWAIT,
             reinterpret_cast<const sockaddr*>(&mine.marker_target), mine.marker_target_size);
    const auto read_until = [&](time_point give_up, auto holds) {
        while (!holds() && steady::now() < give_up) {
            pollfd readable{fd(), POLLIN, 0};
            ::poll(&readable, 1, block_timeout_ms);
            read(each, file);
        }
    };
    read_until(steady::now() + patience, [&] { return mine.marker_seen; });
    end out;
    out.tail_seen = mine.marker_seen;
    pcap_stat counters{};
    if (pcap_stats(mine.handle, &counters) == 0) {
        // Where traffic goes on behind the marker, frames are counted before their block is handed over. That is late,
        // not lost; what the kernel dropped does not come however long one waits.
        constexpr duration late_blocks = std::chrono::milliseconds(20 * block_timeout_ms);
        const std::uint64_t received = counters.ps_recv - std::min<std::uint64_t>(counters.ps_recv, mine.unfiltered);
        read_until(steady::now() + std::min(patience, late_blocks),
                   [&] { return mine.captured + counters.ps_drop >= received; });
        const auto missing = received - std::min(received, mine.captured);
        out.lost = std::max<std::uint64_t>(missing, counters.ps_drop);
    }
    out.captured = mine.captured;
    const auto moved = wall_minus_monotonic() - mine.offset;
    out.clock_stepped = moved > std::chrono::milliseconds(1) || moved < -std::chrono::milliseconds(1);
    return out;
}

}  // namespace firstfin::witness
