#pragma once

#include <array>
#include <span>

#include "core/text_value.hpp"

namespace firstfin {

/// Who ends an idle pooled connection on the client's side, and when.
enum class close_mode {
    timer,  ///< a timer of its own sends the FIN
    lazy,   ///< looked at only when later activity touches the pool
    never,  ///< no limit: waits for the server
};
template <>
inline constexpr std::array names_of<close_mode> = {enum_name<close_mode>{close_mode::timer, "timer"},
                                                    enum_name<close_mode>{close_mode::lazy, "lazy"},
                                                    enum_name<close_mode>{close_mode::never, "never"}};

/// What a Keep-Alive: timeout=N hint does to the idle limit.
enum class hint_use {
    ignore,
    follow,   ///< N minus slack replaces the limit
    shorten,  ///< N minus slack replaces the limit when it is smaller
};
template <>
inline constexpr std::array names_of<hint_use> = {enum_name<hint_use>{hint_use::ignore, "ignore"},
                                                  enum_name<hint_use>{hint_use::follow, "follow"},
                                                  enum_name<hint_use>{hint_use::shorten, "shorten"}};

/// Which requests are sent again when a reused connection turns out to be dead (RFC 9110 9.2.2).
enum class retry_rule { none, idempotent, all };
template <>
inline constexpr std::array names_of<retry_rule> = {enum_name<retry_rule>{retry_rule::none, "none"},
                                                    enum_name<retry_rule>{retry_rule::idempotent, "idempotent"},
                                                    enum_name<retry_rule>{retry_rule::all, "all"}};

/// When the server's FIN on an idle connection is noticed: a reader sees it at once, a lazy pool at its next use.
enum class fin_notice { at_once, lazy };
template <>
inline constexpr std::array names_of<fin_notice> = {enum_name<fin_notice>{fin_notice::at_once, "at_once"},
                                                    enum_name<fin_notice>{fin_notice::lazy, "lazy"}};

enum class client_close_style { fin, rst };
template <>
inline constexpr std::array names_of<client_close_style> = {
    enum_name<client_close_style>{client_close_style::fin, "fin"},
    enum_name<client_close_style>{client_close_style::rst, "rst"}};

/// After a response that says Connection: close (RFC 9112 9.6 asks both sides to close).
enum class close_header_reaction { close, wait };
template <>
inline constexpr std::array names_of<close_header_reaction> = {
    enum_name<close_header_reaction>{close_header_reaction::close, "close"},
    enum_name<close_header_reaction>{close_header_reaction::wait, "wait"}};

/// What a client does with its pooled connections.
struct client_policy {
    time_limit idle_timeout = std::chrono::seconds(115);
    close_mode mode = close_mode::timer;
    std::optional<time_window> close_window;
    time_limit unused_timeout = time_limit::never();
    hint_use hint = hint_use::ignore;
    duration hint_slack{};
    time_limit hint_cap = time_limit::never();
    count_limit max_requests = count_limit::unlimited();
    retry_rule retry = retry_rule::none;
    fin_notice notices_fin = fin_notice::at_once;
    client_close_style close_style = client_close_style::fin;
    close_header_reaction on_close_header = close_header_reaction::close;

    friend bool operator==(const client_policy&, const client_policy&) = default;
};

[[nodiscard]] std::span<const field<client_policy>> fields_of(const client_policy&);

/// The earliest and latest moment of the client's own idle close; nothing when no timer of its own ends the connection.
/// `hint` is the server's advertised timeout, already scaled, zero when it sent none.
[[nodiscard]] std::optional<time_window> idle_close_window(const client_policy& policy, duration hint);
/// The idle limit after the hint: what a lazy pool compares the age with. A result of zero means "do not keep".
[[nodiscard]] time_limit effective_idle_timeout(const client_policy& policy, duration hint);
/// Another idle limit with the lateness of the old one: the close window moves along.
[[nodiscard]] client_policy with_idle_timeout(client_policy policy, time_limit timeout);
/// Timers that a time scale shrinks, hint slack and cap included (the hint itself is scaled by whoever parses it).
[[nodiscard]] client_policy scaled(client_policy policy, double factor);

}  // namespace firstfin
