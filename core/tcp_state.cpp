#include "core/tcp_state.hpp"

#include <array>

namespace firstfin {

namespace {
constexpr std::array<std::string_view, tcp_state_count> names{
    "NONE",  "ESTABLISHED", "SYN_SENT", "SYN_RCVD", "FIN_WAIT_1", "FIN_WAIT_2",  "TIME_WAIT",
    "CLOSE", "CLOSE_WAIT",  "LAST_ACK", "LISTEN",   "CLOSING",    "NEW_SYN_RCVD"};
}

std::string_view to_text(tcp_state state) {
    const auto number = static_cast<std::size_t>(state);
    return number < names.size() ? names[number] : "UNKNOWN";
}

std::optional<tcp_state> tcp_state_from_text(std::string_view text) {
    for (std::size_t number = 1; number < names.size(); ++number)
        if (names[number] == text) return static_cast<tcp_state>(number);
    return std::nullopt;
}

}  // namespace firstfin
