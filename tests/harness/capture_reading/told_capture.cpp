#include "tests/harness/capture_reading/told_capture.hpp"

#include <algorithm>

namespace firstfin::testing {

namespace {

void append_16(std::string& out, unsigned value) {
    out += static_cast<char>(value >> 8 & 0xff);
    out += static_cast<char>(value & 0xff);
}
void append_32(std::string& out, std::uint32_t value) {
    append_16(out, value >> 16);
    append_16(out, value & 0xffff);
}
/// pcap headers are in the writer's byte order.
void append_native(std::string& out, std::uint32_t value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

told_capture& told_capture::only(side from) {
    std::erase_if(segments, [from](const auto& one) { return one.from != from; });
    return *this;
}
told_capture& told_capture::from_segment(std::size_t first) {
    segments.erase(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(first));
    return *this;
}
told_capture& told_capture::without(std::size_t index) {
    segments.erase(segments.begin() + static_cast<std::ptrdiff_t>(index));
    return *this;
}
told_capture& told_capture::every_segment_twice() {
    std::vector<witness::segment> twice;
    for (const auto& one : segments)
        twice.insert(twice.end(), 2, one);
    segments = std::move(twice);
    return *this;
}
told_capture& told_capture::swapped(std::size_t index) {
    std::swap(segments[index], segments[index + 1]);
    std::swap(segments[index].at, segments[index + 1].at);
    return *this;
}
told_capture& told_capture::and_again(duration later, std::uint32_t shift) {
    const auto first = segments;
    for (auto one : first) {
        one.at = segments.front().at + later + (one.at - first.front().at);
        one.seq += shift;
        if (one.has(witness::tcp_flag::ack)) one.ack += shift;
        segments.push_back(one);
    }
    return *this;
}
told_capture& told_capture::ports(std::uint16_t client, std::uint16_t server) {
    ends.client.port(client);
    ends.server.port(server);
    return *this;
}

witness::packet told_capture::packet_of(const witness::segment& one) const {
    witness::packet out;
    out.source = one.from == side::client ? ends.client : ends.server;
    out.destination = one.from == side::client ? ends.server : ends.client;
    out.seq = one.seq;
    out.ack = one.ack;
    out.payload = one.payload;
    out.flags = one.flags;
    return out;
}

std::string told_capture::text_of(const witness::segment& one) const {
    auto text = one.from == side::client ? client_text_ : server_text_;
    text.resize(one.payload, 'x');
    return text.substr(0, captured_);
}

std::vector<capture_reading::connection_record> told_capture::records(std::optional<std::uint16_t> port) const {
    std::vector<capture_reading::connection_record> out;
    capture_reading::connection_table table(port, [&out](const auto& one) { out.push_back(one); });
    for (const auto& one : segments) {
        const auto text = text_of(one);
        table.add(one.at.time_since_epoch(), packet_of(one),
                  {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    }
    table.finish();
    return out;
}

std::string told_capture::pcap() const {
    std::string out;
    for (const auto value : {0xa1b23c4dU, 0x00040002U, 0U, 0U, 65535U, 1U})
        append_native(out, value);
    for (const auto& one : segments) {
        const auto seen = packet_of(one);
        std::string frame("\2\0\0\0\0\1\2\0\0\0\0\2\x08\0", 14);
        append_16(frame, 0x4500);
        append_16(frame, 40 + one.payload);
        append_32(frame, 0x00004000);
        append_32(frame, 0x40060000);
        append_32(frame, seen.source.address().to_v4().to_uint());
        append_32(frame, seen.destination.address().to_v4().to_uint());
        append_16(frame, seen.source.port());
        append_16(frame, seen.destination.port());
        append_32(frame, one.seq);
        append_32(frame, one.ack);
        append_16(frame, 0x5000U | one.flags);
        append_16(frame, 502);
        append_32(frame, 0);
        const auto headers = frame.size();
        frame += text_of(one);
        const auto since = one.at.time_since_epoch().count();
        append_native(out, static_cast<std::uint32_t>(since / 1'000'000'000));
        append_native(out, static_cast<std::uint32_t>(since % 1'000'000'000));
        append_native(out, static_cast<std::uint32_t>(frame.size()));
        append_native(out, static_cast<std::uint32_t>(headers + one.payload));
        out += frame;
    }
    return out;
}

}  // namespace firstfin::testing
