#pragma once

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
    std::uint32_t payload = 0;  ///< from the IP length, so a short capture length does not matter
    std::uint8_t flags = 0;
    std::uint16_t headers = 0;  ///< bytes of IP and TCP headers
};

/// An Ethernet frame (captured bytes, perhaps cut short) with IPv4 or IPv6 and TCP; nothing for anything else,
/// for fragments, and for frames cut inside the headers.
[[nodiscard]] std::optional<packet> parse_ethernet_frame(std::span<const std::uint8_t> frame);

/// Starting at the IP header.
[[nodiscard]] std::optional<packet> parse_ip_packet(std::span<const std::uint8_t> bytes);

}  // namespace firstfin::witness
