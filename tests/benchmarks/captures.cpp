#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>

#include "harness/capture_reading/read_capture.hpp"
#include "harness/verdict/wire_reader.hpp"
#include "harness/witness/capture.hpp"
#include "tests/harness/store/sample_run.hpp"
#include "tests/support/temporary_folder.hpp"

// From a frame's bytes to a segment, from segments to who closed first, and a whole capture file as `firstfin read`
// takes it in.

namespace firstfin {
namespace {

using frame_bytes = std::vector<std::uint8_t>;

/// A segment as Ethernet carries it over IPv4; checksums are left out, as offloading leaves them. `connection` gives
/// the client's address.
frame_bytes frame_of(const witness::segment& what, std::uint32_t connection) {
    frame_bytes out;
    const auto put = [&out](std::uint64_t value, int bytes) {
        while (bytes-- > 0)
            out.push_back(static_cast<std::uint8_t>(value >> (8 * bytes)));
    };
    const bool by_server = what.from == side::server;
    const std::uint32_t server = 0x0a000001;
    const std::uint32_t client = 0x0a010000 + connection;
    put(0x020000000001, 6), put(0x020000000002, 6), put(0x0800, 2);
    put(0x4500, 2), put(40 + what.payload, 2), put(0, 2), put(0x4000, 2), put(64, 1), put(6, 1), put(0, 2);
    put(by_server ? server : client, 4), put(by_server ? client : server, 4);
    put(by_server ? 8080 : 40122, 2), put(by_server ? 40122 : 8080, 2);
    put(what.seq, 4), put(what.ack, 4), put(0x50, 1), put(what.flags, 1), put(502, 2), put(0, 4);
    out.resize(out.size() + what.payload, 'x');
    return out;
}

void parse_frames(benchmark::State& state) {
    std::vector<frame_bytes> frames;
    for (const auto& one : test::tell(test::story::server_first).segments)
        frames.push_back(frame_of(one, 0));
    if (!std::ranges::all_of(frames, [](const auto& one) { return witness::parse_ethernet_frame(one).has_value(); }))
        return state.SkipWithError("a frame is no TCP segment");
    for (std::size_t turn = 0; auto _ : state)
        benchmark::DoNotOptimize(witness::parse_ethernet_frame(frames[turn++ % frames.size()]));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(parse_frames);

void read_segments(benchmark::State& state) {
    const auto told = test::tell(test::story::server_first);
    for (auto _ : state)
        benchmark::DoNotOptimize(read_wire(told.segments));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(told.segments.size()));
}
BENCHMARK(read_segments);

void read_capture_file(benchmark::State& state) {
    const auto connections = static_cast<std::uint32_t>(state.range(0));
    const test::temporary_folder folder;
    const auto file = folder.path() / "traffic.pcap";
    const auto told = test::tell(test::story::server_first);
    {
        witness::capture_file out(file);
        for (std::uint32_t number = 0; number < connections; ++number) {
            for (const auto& one : told.segments) {
                const auto frame = frame_of(one, number);
                pcap_pkthdr header{};
                header.ts.tv_sec = static_cast<time_t>(1'700'000'000 + number);
                header.ts.tv_usec =
                    (one.at - told.segments.front().at).count();  // nanoseconds, as the file's magic says
                header.caplen = static_cast<bpf_u_int32>(frame.size());
                header.len = header.caplen;
                out.write(header, frame.data());
            }
        }
        if (!out.flush()) return state.SkipWithError("cannot write the capture");
    }
    for (auto _ : state) {
        std::uint32_t seen = 0;
        auto source = capture_reading::capture_source::open(file.string());
        (void)capture_reading::read_capture(
            source, std::nullopt, [&seen](const auto& /*one*/) { ++seen; }, [] { return true; });
        if (seen != connections) return state.SkipWithError("a connection was not read");
    }
    state.SetItemsProcessed(state.iterations() * connections);
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(std::filesystem::file_size(file)));
}
BENCHMARK(read_capture_file)->ArgName("connections")->Arg(1'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace firstfin
