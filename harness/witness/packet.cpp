#include "harness/witness/packet.hpp"

#include <netinet/in.h>

#include <algorithm>

namespace firstfin::witness {

namespace {

using bytes_view = std::span<const std::uint8_t>;

std::uint16_t read_16(bytes_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}
std::uint32_t read_32(bytes_view bytes, std::size_t at) {
    return static_cast<std::uint32_t>(read_16(bytes, at)) << 16 | read_16(bytes, at + 2);
}

address read_v4(bytes_view bytes, std::size_t at) {
    return boost::asio::ip::address_v4(read_32(bytes, at));
}
address read_v6(bytes_view bytes, std::size_t at) {
    boost::asio::ip::address_v6::bytes_type raw{};
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), raw.size(), raw.begin());
    return boost::asio::ip::address_v6(raw);
}

/// `length` is what the IP header promises for TCP header and payload; the capture may hold less.
std::optional<packet> parse_tcp(bytes_view tcp, std::size_t length, const address& source, const address& destination) {
    constexpr std::size_t fixed_header = 20;
    if (tcp.size() < fixed_header) return std::nullopt;
    const std::size_t header = static_cast<std::size_t>(tcp[12] >> 4) * 4;
    if (header < fixed_header || header > length) return std::nullopt;
    packet out;
    out.source = endpoint(source, read_16(tcp, 0));
    out.destination = endpoint(destination, read_16(tcp, 2));
    out.seq = read_32(tcp, 4);
    out.ack = read_32(tcp, 8);
    out.flags = tcp[13];
    out.payload = static_cast<std::uint32_t>(length - header);
    return out;
}

std::optional<packet> parse_v4(bytes_view ip) {
    if (ip.size() < 20) return std::nullopt;
    const std::size_t header = static_cast<std::size_t>(ip[0] & 0x0f) * 4;
    const std::size_t total = read_16(ip, 2);
    const bool fragment = (read_16(ip, 6) & 0x3fff) != 0;
    if (header < 20 || ip.size() < header || total < header || ip[9] != IPPROTO_TCP || fragment) return std::nullopt;
    return parse_tcp(ip.subspan(header), total - header, read_v4(ip, 12), read_v4(ip, 16));
}

std::optional<packet> parse_v6(bytes_view ip) {
    constexpr std::size_t fixed_header = 40;
    if (ip.size() < fixed_header) return std::nullopt;
    std::size_t at = fixed_header;
    std::size_t left = read_16(ip, 4);
    std::uint8_t next = ip[6];
    // Options that may stand before TCP; all share the layout next header, length in 8 bytes beyond the first 8.
    while (next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_DSTOPTS) {
        if (ip.size() < at + 8) return std::nullopt;
        const std::size_t size = (static_cast<std::size_t>(ip[at + 1]) + 1) * 8;
        if (size > left) return std::nullopt;
        next = ip[at];
        at += size;
        left -= size;
    }
    if (next != IPPROTO_TCP || ip.size() < at) return std::nullopt;
    return parse_tcp(ip.subspan(at), left, read_v6(ip, 8), read_v6(ip, 24));
}

}  // namespace

std::optional<packet> parse_ip_packet(bytes_view ip) {
    if (ip.empty()) return std::nullopt;
    const auto with_headers = [](std::optional<packet> one, std::size_t whole) {
        if (one) one->headers = static_cast<std::uint16_t>(whole - one->payload);
        return one;
    };
    switch (ip[0] >> 4) {
        case 4:
            return with_headers(parse_v4(ip), ip.size() < 4 ? 0 : read_16(ip, 2));
        case 6:
            return with_headers(parse_v6(ip), ip.size() < 6 ? 0 : std::size_t{read_16(ip, 4)} + 40);
        default:
            return std::nullopt;
    }
}

std::optional<packet> parse_ethernet_frame(bytes_view frame) {
    constexpr std::size_t header = 14;
    if (frame.size() < header) return std::nullopt;
    const auto type = read_16(frame, 12);
    if (type != 0x0800 && type != 0x86dd) return std::nullopt;
    return parse_ip_packet(frame.subspan(header));
}

}  // namespace firstfin::witness
