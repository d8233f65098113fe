#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/endpoint.hpp"
#include "harness/witness/segment.hpp"

namespace firstfin::witness {

/// A TCP segment as its frame shows it, before anybody knows which end is the server.
struct packet {
    endpoint source;
    endpoint destination;
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t payload = 0;     ///< from the IP length, so a short capture length does not matter
    std::uint32_t payload_at = 0;  ///< where the payload begins in the frame; behind the captured bytes when cut away
    std::uint8_t flags = 0;
    std::uint16_t headers = 0;  ///< bytes of IP and TCP headers
};

/// What stands before the IP header (tcpdump.org/linktypes.html).
enum class link_type : std::uint8_t {
    ethernet,      ///< with any 802.1Q and 802.1ad tags
    linux_cooked,  ///< SLL, from `tcpdump -i any`
    linux_cooked_v2,
    bsd_loopback,  ///< null and loop: the address family, in either byte order
    raw_ip,
};

/// A frame (captured bytes, perhaps cut short) with IPv4 or IPv6 and TCP; nothing for anything else, for fragments, and
/// for frames cut inside the headers. `wire_length`: the frame's length before it was cut, where known; a length of 0
/// in the IP header (a large segment captured before the network card split it) is filled in from it.
[[nodiscard]] std::optional<packet> parse_frame(link_type link, std::span<const std::uint8_t> frame,
                                                std::size_t wire_length = 0);

[[nodiscard]] std::optional<packet> parse_ethernet_frame(std::span<const std::uint8_t> frame);

/// Starting at the IP header.
[[nodiscard]] std::optional<packet> parse_ip_packet(std::span<const std::uint8_t> bytes);

}  // namespace firstfin::witness
