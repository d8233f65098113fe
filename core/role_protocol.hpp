#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/client_policy.hpp"
#include "core/endpoint.hpp"
#include "core/scenario.hpp"
#include "core/server_policy.hpp"
#include "core/tcp_state.hpp"

// How the harness and the two role programs talk: one JSON document on standard input, JSON lines on standard output.
// tests/core/role_protocol.golden holds every message once; `v` changes when a reader of the old form would misread.

namespace firstfin::role {

inline constexpr int version = 1;

/// What the server is told: listeners to open, one a distinct policy, each on a free port of `address`.
struct server_order {
    struct listener {
        std::string policy;  ///< the id that `listening` repeats
        firstfin::address address;
        server_policy settings;
    };
    std::vector<listener> listeners;
};

/// What the client is told. Policies and scenarios are named once and referred to by their place in the lists.
struct client_order {
    struct trial {
        std::uint64_t trial{};  ///< the harness's number, repeated in every event
        std::uint32_t policy{};
        std::uint32_t scenario{};
        endpoint server;
        firstfin::address source;  ///< local address to bind; unspecified: the kernel chooses
        duration start_offset{};   ///< from `ready`
        double window_share{};     ///< the draw for close windows, 0 to 1
        std::uint64_t seed{};      ///< for jitter
    };
    std::vector<client_policy> policies;
    std::vector<firstfin::scenario> scenarios;
    std::vector<trial> trials;  ///< in starting order
    double time_scale = 1;      ///< applied to Keep-Alive hints after parsing; policies and scenarios arrive scaled
    std::uint32_t handshakes_in_flight = 64;
};

[[nodiscard]] std::string to_json(const server_order& order);
[[nodiscard]] std::string to_json(const client_order& order);
[[nodiscard]] result<server_order> parse_server_order(std::string_view json);
[[nodiscard]] result<client_order> parse_client_order(std::string_view json);

enum class event_kind {
    listening,
    ready,
    connected,
    accepted,
    request_sent,
    request_received,
    response_sent,
    response_received,
    eof,    ///< the peer's FIN was noticed
    reset,  ///< the peer's RST was noticed
    close,  ///< this side closes; written just before the system call
    done,   ///< client: the trial has nothing left to do; server: the process ends
};
}  // namespace firstfin::role

namespace firstfin {
template <>
inline constexpr std::array names_of<role::event_kind> = {
    enum_name<role::event_kind>{role::event_kind::listening, "listening"},
    enum_name<role::event_kind>{role::event_kind::ready, "ready"},
    enum_name<role::event_kind>{role::event_kind::connected, "connected"},
    enum_name<role::event_kind>{role::event_kind::accepted, "accepted"},
    enum_name<role::event_kind>{role::event_kind::request_sent, "request_sent"},
    enum_name<role::event_kind>{role::event_kind::request_received, "request_received"},
    enum_name<role::event_kind>{role::event_kind::response_sent, "response_sent"},
    enum_name<role::event_kind>{role::event_kind::response_received, "response_received"},
    enum_name<role::event_kind>{role::event_kind::eof, "eof"},
    enum_name<role::event_kind>{role::event_kind::reset, "reset"},
    enum_name<role::event_kind>{role::event_kind::close, "close"},
    enum_name<role::event_kind>{role::event_kind::done, "done"}};
}  // namespace firstfin

namespace firstfin::role {

/// Why a side closed. `connect_failed` stands for a connection that never was (detail holds the system's words).
enum class close_reason {
    idle_deadline,    ///< the side's own idle timer
    unused_deadline,  ///< connection never used: header_timeout at the server, unused_timeout at the client
    header_deadline,  ///< half a request
    policy,           ///< keepalive_timeout 0, a request or age limit, Connection: close
    pool,             ///< a lazy pool looked and found it too old
    peer_fin,
    peer_reset,
    aborted,      ///< the scenario's own RST
    bad_message,  ///< not HTTP
    lost_reuse,   ///< a request on a reused connection met its end
    shutdown,     ///< the process was told to stop
    connect_failed,
    system_error,
};
}  // namespace firstfin::role

namespace firstfin {
template <>
inline constexpr std::array names_of<role::close_reason> = {
    enum_name<role::close_reason>{role::close_reason::idle_deadline, "idle_deadline"},
    enum_name<role::close_reason>{role::close_reason::unused_deadline, "unused_deadline"},
    enum_name<role::close_reason>{role::close_reason::header_deadline, "header_deadline"},
    enum_name<role::close_reason>{role::close_reason::policy, "policy"},
    enum_name<role::close_reason>{role::close_reason::pool, "pool"},
    enum_name<role::close_reason>{role::close_reason::peer_fin, "peer_fin"},
    enum_name<role::close_reason>{role::close_reason::peer_reset, "peer_reset"},
    enum_name<role::close_reason>{role::close_reason::aborted, "aborted"},
    enum_name<role::close_reason>{role::close_reason::bad_message, "bad_message"},
    enum_name<role::close_reason>{role::close_reason::lost_reuse, "lost_reuse"},
    enum_name<role::close_reason>{role::close_reason::shutdown, "shutdown"},
    enum_name<role::close_reason>{role::close_reason::connect_failed, "connect_failed"},
    enum_name<role::close_reason>{role::close_reason::system_error, "system_error"}};
}  // namespace firstfin

namespace firstfin::role {

/// One line of a role program. Members that do not belong to the kind stay empty and are not written.
struct event {
    event_kind kind{};
    time_point at{};                        ///< taken at the event, not when it is written
    std::uint64_t conn = 0;                 ///< this process's number of the connection, from 1; 0: no connection
    std::optional<std::uint64_t> trial;     ///< client only
    std::optional<endpoint> local;          ///< on listening, connected, accepted and close
    std::optional<endpoint> remote;         ///< likewise, but for listening
    std::uint32_t request = 0;              ///< ordinal on its connection, from 1, on the four message events
    std::uint32_t status = 0;               ///< response_*: the status code
    bool says_close = false;                ///< message events: carries Connection: close
    std::string policy;                     ///< listening
    std::optional<close_reason> reason;     ///< close
    std::optional<tcp_state> state_before;  ///< close: TCP_INFO just before the call
    std::uint32_t unread = 0;               ///< close: bytes in the receive queue (RST instead of FIN)
    bool pending_fin = false;          ///< close, request_sent: the peer's FIN was already in the queue (CLOSE_WAIT)
    std::optional<duration> lateness;  ///< close at a deadline: how late the loop was
    std::string detail;                ///< words for a person
};

/// Appends one line, newline included.
void append_json(std::string& out, const event& value);
[[nodiscard]] result<event> parse_event(std::string_view line);

/// Cuts a byte stream into lines. A last line without newline is dropped: its writer died in the middle.
class line_splitter {
public:
    void feed(std::string_view bytes, const std::function<void(std::string_view)>& on_line);

private:
    std::string rest_;
};

}  // namespace firstfin::role
