#include "harness/explain/captured_lines.hpp"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "core/parse_error.hpp"
#include "harness/witness/packet.hpp"

namespace firstfin::explain {

namespace fs = std::filesystem;
using witness::packet;
using witness::segment;
using witness::timeline;

namespace {

struct close_capture {
    void operator()(pcap_t* one) const { pcap_close(one); }
};
using open_capture = std::unique_ptr<pcap_t, close_capture>;

open_capture open_file(const fs::path& file) {
    std::array<char, PCAP_ERRBUF_SIZE> why{};
    open_capture out(pcap_open_offline_with_tstamp_precision(file.c_str(), PCAP_TSTAMP_PRECISION_NANO, why.data()));
    if (!out) throw bad_input(fmt::format("cannot read {}: {}", file.string(), why.data()));
    if (pcap_datalink(out.get()) != DLT_EN10MB)
        throw bad_input(fmt::format("{} is no capture of this run: its frames are not Ethernet", file.string()));
    return out;
}

/// Most frames of a run belong to other connections: libpcap drops them without our looking.
void keep_only(pcap_t* file, const four_tuple& tuple) {
    const auto text =
        fmt::format("tcp and host {} and host {} and port {} and port {}", tuple.client.address().to_string(),
                    tuple.server.address().to_string(), tuple.client.port(), tuple.server.port());
    bpf_program filter{};
    if (pcap_compile(file, &filter, text.c_str(), 1, PCAP_NETMASK_UNKNOWN) < 0) return;  // then all are looked at
    pcap_setfilter(file, &filter);
    pcap_freecode(&filter);
}

bool is_same(const segment& one, const packet& seen) {
    return one.seq == seen.seq && one.ack == seen.ack && one.payload == seen.payload && one.flags == seen.flags;
}

/// The captured bytes of the payload. Frames of a virtual cable are never padded, so the payload ends where they end.
std::span<const std::uint8_t> payload_of(const pcap_pkthdr& header, const std::uint8_t* bytes, const packet& seen) {
    if (seen.payload == 0 || header.len < seen.payload) return {};
    const auto begin = header.len - seen.payload;
    if (begin >= header.caplen) return {};
    return {bytes + begin, header.caplen - begin};
}

void read_file(const fs::path& name, const timeline& seen, std::vector<message_line>& into) {
    const auto file = open_file(name);
    keep_only(file.get(), seen.tuple);
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    // A run that was killed leaves a last frame cut in the middle: it ends the reading, and is no error here.
    while (pcap_next_ex(file.get(), &header, &bytes) == 1) {
        const auto frame = witness::parse_ethernet_frame({bytes, header->caplen});
        if (!frame) continue;
        const auto from = frame->source == seen.tuple.client ? side::client : side::server;
        const auto& sender = from == side::client ? seen.tuple.client : seen.tuple.server;
        const auto& receiver = from == side::client ? seen.tuple.server : seen.tuple.client;
        if (frame->source != sender || frame->destination != receiver) continue;
        for (std::size_t at = 0; at < into.size(); ++at)
            if (seen.segments[at].from == from && is_same(seen.segments[at], *frame))
                into[at] = message_line_of(from, payload_of(*header, bytes, *frame));
    }
}

}  // namespace

std::vector<fs::path> captures_of(const fs::path& folder) {
    std::vector<fs::path> out;
    auto next = folder / "capture.pcap";
    for (int number = 2; fs::exists(next); ++number) {
        out.push_back(std::move(next));
        next = folder / fmt::format("capture-{}.pcap", number);
    }
    return out;
}

captured_lines read_captured_lines(const std::vector<fs::path>& captures, const timeline& seen) {
    captured_lines out;
    out.of_segments.resize(seen.segments.size());
    for (const auto& name : captures) {
        try {
            read_file(name, seen, out.of_segments);
        } catch (const bad_input& failed) {
            out.troubles.emplace_back(failed.what());
        }
    }
    return out;
}

}  // namespace firstfin::explain
