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
    out.payload_at = static_cast<std::uint32_t>(header);
    return out;
}

/// Offsets count from the innermost header while parsing; each layer adds its own length.
std::optional<packet> behind(std::size_t header, std::optional<packet> parsed) {
    if (parsed) parsed->payload_at += static_cast<std::uint32_t>(header);
    return parsed;
}

std::optional<packet> parse_v4(bytes_view ip, std::size_t wire_length) {
    if (ip.size() < 20) return std::nullopt;
    const std::size_t header = static_cast<std::size_t>(ip[0] & 0x0f) * 4;
    const std::size_t said = read_16(ip, 2);
    const std::size_t total = said == 0 ? wire_length : said;
    const bool fragment = (read_16(ip, 6) & 0x3fff) != 0;
    if (header < 20 || ip.size() < header || total < header || ip[9] != IPPROTO_TCP || fragment) return std::nullopt;
    return behind(header, parse_tcp(ip.subspan(header), total - header, read_v4(ip, 12), read_v4(ip, 16)));
}

std::optional<packet> parse_v6(bytes_view ip, std::size_t wire_length) {
    constexpr std::size_t fixed_header = 40;
    if (ip.size() < fixed_header) return std::nullopt;
    std::size_t at = fixed_header;
    std::size_t left = read_16(ip, 4);
    if (left == 0 && wire_length > fixed_header) left = wire_length - fixed_header;
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
    return behind(at, parse_tcp(ip.subspan(at), left, read_v6(ip, 8), read_v6(ip, 24)));
}

std::optional<packet> parse_ip(bytes_view ip, std::size_t wire_length) {
    if (ip.empty()) return std::nullopt;
    const auto with_headers = [](std::optional<packet> one) {
        if (one) one->headers = static_cast<std::uint16_t>(one->payload_at);
        return one;
    };
    switch (ip[0] >> 4) {
        case 4:
            return with_headers(parse_v4(ip, wire_length));
        case 6:
            return with_headers(parse_v6(ip, wire_length));
        default:
            return std::nullopt;
    }
}

constexpr bool is_vlan_tag(std::uint16_t type) {
    return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

/// `type_at` is where the EtherType stands, `header` where what it announces begins; tags push both back by four.
std::optional<packet> parse_typed(bytes_view frame, std::size_t wire_length, std::size_t type_at, std::size_t header) {
    if (frame.size() < header) return std::nullopt;
    auto type = read_16(frame, type_at);
    type_at = header + 2;
    for (; is_vlan_tag(type); header += 4, type_at += 4) {
        if (frame.size() < header + 4) return std::nullopt;
        type = read_16(frame, type_at);
    }
    if (type != 0x0800 && type != 0x86dd) return std::nullopt;
    const auto beyond = wire_length > header ? wire_length - header : 0;
    return behind(header, parse_ip(frame.subspan(header), beyond));
}

std::optional<packet> parse_loopback(bytes_view frame, std::size_t wire_length) {
    constexpr std::size_t header = 4;
    if (frame.size() < header) return std::nullopt;
    // AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24, 28 or 30 on the BSDs and macOS.
    const auto family = std::max(read_16(frame, 0), read_16(frame, 2));
    const auto small = family > 0xff ? family >> 8 : family;
    if (small != 2 && small != 10 && small != 24 && small != 28 && small != 30) return std::nullopt;
    return behind(header, parse_ip(frame.subspan(header), wire_length > header ? wire_length - header : 0));
}

}  // namespace

std::optional<packet> parse_ip_packet(bytes_view ip) {
    return parse_ip(ip, 0);
}

std::optional<packet> parse_ethernet_frame(bytes_view frame) {
    return parse_frame(link_type::ethernet, frame);
}

std::optional<packet> parse_frame(link_type link, bytes_view frame, std::size_t wire_length) {
    switch (link) {
        case link_type::ethernet:
            return parse_typed(frame, wire_length, 12, 14);
        case link_type::linux_cooked:
            return parse_typed(frame, wire_length, 14, 16);
        case link_type::linux_cooked_v2:
            return parse_typed(frame, wire_length, 0, 20);
        case link_type::bsd_loopback:
            return parse_loopback(frame, wire_length);
        case link_type::raw_ip:
            return parse_ip(frame, wire_length);
    }
    return std::nullopt;
}

}  // namespace firstfin::witness
