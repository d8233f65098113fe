#pragma once

#include <cstdint>
#include <string_view>

#include "core/duration.hpp"

namespace firstfin {

enum class side : std::uint8_t { server, client };

[[nodiscard]] constexpr side other(side one) {
    return one == side::server ? side::client : side::server;
}
[[nodiscard]] constexpr std::string_view to_text(side one) {
    return one == side::server ? "server" : "client";
}

}  // namespace firstfin

namespace firstfin::witness {

namespace tcp_flag {
inline constexpr std::uint8_t fin = 0x01;
inline constexpr std::uint8_t syn = 0x02;
inline constexpr std::uint8_t rst = 0x04;
inline constexpr std::uint8_t psh = 0x08;
inline constexpr std::uint8_t ack = 0x10;
}  // namespace tcp_flag

/// One captured TCP segment, without its payload.
struct segment {
    time_point at;  ///< the capture's time, moved to the monotonic clock
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t payload = 0;  ///< bytes
    side from{};
    std::uint8_t flags = 0;
    std::uint16_t headers = 0;  ///< bytes of IP and TCP headers

    [[nodiscard]] bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
    /// The first sequence number after this segment: SYN and FIN count one each.
    [[nodiscard]] std::uint32_t end() const {
        return seq + payload + (has(tcp_flag::syn) ? 1U : 0U) + (has(tcp_flag::fin) ? 1U : 0U);
    }
    /// The sequence number of the FIN itself.
    [[nodiscard]] std::uint32_t fin_seq() const { return seq + payload; }
};

/// Sequence numbers wrap (RFC 9293 3.4): `left` is before `right` when the signed distance says so.
[[nodiscard]] constexpr bool seq_before(std::uint32_t left, std::uint32_t right) {
    return static_cast<std::int32_t>(left - right) < 0;
}

}  // namespace firstfin::witness
