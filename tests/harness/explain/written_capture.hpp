#pragma once

#include <pcap/pcap.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/witness/capture.hpp"
#include "harness/witness/timeline.hpp"

namespace firstfin::test {

/// The frame that would show this segment: Ethernet, IPv4 or IPv6, 20 bytes of TCP header, `payload`. Checksums are
/// zero: whoever captures at the sender sees them so, too.
inline std::vector<std::uint8_t> frame_of(const witness::segment& one, const four_tuple& tuple,
                                          const std::string& payload) {
    std::vector<std::uint8_t> out(12, 0x02);
    const auto put_16 = [&out](std::uint32_t value) {
        out.push_back(static_cast<std::uint8_t>(value >> 8));
        out.push_back(static_cast<std::uint8_t>(value));
    };
    const auto put_32 = [&](std::uint32_t value) {
        put_16(value >> 16);
        put_16(value & 0xffff);
    };
    const auto put_address = [&](const address& value) {
        const auto put = [&](const auto& bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); };
        if (value.is_v4())
            put(value.to_v4().to_bytes());
        else
            put(value.to_v6().to_bytes());
    };
    const auto& from = one.from == side::client ? tuple.client : tuple.server;
    const auto& to = one.from == side::client ? tuple.server : tuple.client;
    const auto length = static_cast<std::uint32_t>(20 + payload.size());
    if (from.address().is_v4()) {
        put_16(0x0800);
        put_16(0x4500);
        put_16(20 + length);
        put_32(0x4000);
        put_32(0x40060000);  // TTL 64, TCP
    } else {
        put_16(0x86dd);
        put_32(0x60000000);
        put_16(length);
        put_16(0x0640);  // TCP, 64 hops
    }
    put_address(from.address());
    put_address(to.address());
    put_16(from.port());
    put_16(to.port());
    put_32(one.seq);
    put_32(one.ack);
    put_16(0x5000U | one.flags);
    put_16(502);
    put_32(0);
    out.insert(out.end(), payload.begin(), payload.end());
    return out;
}

/// Every segment of `seen` as a capture file; `payload` says what the segment of that place carries.
inline void write_capture(const std::filesystem::path& file, const witness::timeline& seen,
                          const std::function<std::string(std::size_t)>& payload) {
    witness::capture_file out(file);
    for (std::size_t at = 0; at < seen.segments.size(); ++at) {
        auto text = payload(at);
        text.resize(seen.segments[at].payload, '.');
        const auto frame = frame_of(seen.segments[at], seen.tuple, text);
        pcap_pkthdr header{};
        header.ts.tv_sec = static_cast<time_t>(1'700'000'000 + at);
        header.len = static_cast<bpf_u_int32>(frame.size());
        header.caplen = std::min<bpf_u_int32>(header.len, witness::capture::snapshot_length);
        out.write(header, frame.data());
    }
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace firstfin::test
