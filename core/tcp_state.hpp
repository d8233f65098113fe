#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace firstfin {

/// The kernel's numbers (include/net/tcp_states.h), the textbook's names.
enum class tcp_state : std::uint8_t {
    established = 1,
    syn_sent,
    syn_received,
    fin_wait_1,
    fin_wait_2,
    time_wait,
    closed,
    close_wait,
    last_ack,
    listen,
    closing,
    new_syn_received,  ///< request socket: a SYN arrived, the handshake is not complete
};

inline constexpr std::size_t tcp_state_count = 13;  ///< highest number + 1, for arrays indexed by state

[[nodiscard]] std::string_view to_text(tcp_state state);
[[nodiscard]] std::optional<tcp_state> tcp_state_from_text(std::string_view text);

}  // namespace firstfin
