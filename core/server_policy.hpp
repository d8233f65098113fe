#pragma once

#include <array>
#include <span>

#include "core/text_value.hpp"

namespace firstfin {

/// What goes over the wire when the server ends a connection.
enum class server_close_style {
    fin,     ///< close(): FIN, or the kernel's RST when input is unread
    linger,  ///< FIN first, then read and drop input until the client closes or lingering_timeout (RFC 9112 9.6)
    rst,     ///< SO_LINGER 0: RST, TIME_WAIT nowhere
    wait,    ///< says close and leaves the first FIN to the client
};
template <>
inline constexpr std::array names_of<server_close_style> = {
    enum_name<server_close_style>{server_close_style::fin, "fin"},
    enum_name<server_close_style>{server_close_style::linger, "linger"},
    enum_name<server_close_style>{server_close_style::rst, "rst"},
    enum_name<server_close_style>{server_close_style::wait, "wait"}};

/// What the client's FIN does to the server's side.
enum class client_fin_reaction {
    finish,  ///< answer what was asked completely, then close
    abort,   ///< close at once, in the middle of a response too
    ignore,  ///< never close: the CLOSE_WAIT of a server that forgot
};
template <>
inline constexpr std::array names_of<client_fin_reaction> = {
    enum_name<client_fin_reaction>{client_fin_reaction::finish, "finish"},
    enum_name<client_fin_reaction>{client_fin_reaction::abort, "abort"},
    enum_name<client_fin_reaction>{client_fin_reaction::ignore, "ignore"}};

/// What a server does with its connections. Defaults are nginx's (src/http/ngx_http_core_module.c).
struct server_policy {
    time_limit keepalive_timeout = std::chrono::seconds(75);
    std::optional<time_window> close_window;
    duration keepalive_hint{};
    count_limit keepalive_requests{1000};
    time_limit keepalive_time = std::chrono::hours(1);
    time_limit header_timeout = std::chrono::seconds(60);
    std::uint32_t response_size = 100;
    duration response_delay{};
    duration response_pace{};
    server_close_style close_style = server_close_style::fin;
    duration lingering_time = std::chrono::seconds(30);
    duration lingering_timeout = std::chrono::seconds(5);
    client_fin_reaction on_client_fin = client_fin_reaction::finish;

    friend bool operator==(const server_policy&, const server_policy&) = default;
};

[[nodiscard]] std::span<const field<server_policy>> fields_of(const server_policy&);

/// The earliest and latest moment of an idle close, or nothing when the server never closes an idle connection.
[[nodiscard]] std::optional<time_window> idle_close_window(const server_policy& policy);
/// Another idle limit with the lateness of the old one: the close window moves along.
[[nodiscard]] server_policy with_keepalive_timeout(server_policy policy, time_limit timeout);
/// Timers that a time scale shrinks: idle limits, windows, header and lingering timers, delays. Never the hint.
[[nodiscard]] server_policy scaled(server_policy policy, double factor);

}  // namespace firstfin
