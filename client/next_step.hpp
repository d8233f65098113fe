#pragma once

#include <optional>
#include <string_view>

#include "core/client_policy.hpp"
#include "core/role_protocol.hpp"
#include "core/scenario.hpp"

// What a client does next, and why a connection ended. Values in, values out: no sockets, no clock, no draws.

namespace firstfin::client {

enum class step {
    send,              ///< the next request, now
    send_raw,          ///< the scenario's bytes, then read to the end
    park_until_send,   ///< idle for `after`, then look at the connection and use it again
    park_until_close,  ///< idle until the client's own limit, or, without one, until the server ends it
    close,
    await_fin,  ///< the server is to close; read until it does
    half_close,
    abort,
};

struct next_step {
    step what{};
    time_limit after = time_limit::never();  ///< while parked, from the last response byte (or the handshake)
    std::string_view why = {};               ///< close: in words

    friend bool operator==(const next_step&, const next_step&) = default;
};

/// A response that is complete.
struct answered {
    std::uint32_t ordinal = 1;  ///< on its connection
    bool says_close = false;    ///< Connection: close, or HTTP/1.0 without keep-alive
    duration hint{};            ///< Keep-Alive: timeout=, scaled; zero: none
};

/// The trial's draws, 0 to 1.
struct draws {
    double window = 0;
    double gap = 0.5;
};

[[nodiscard]] next_step after_connect(const client_policy& policy, const scenario& what);
[[nodiscard]] next_step after_response(const client_policy& policy, const scenario& what, const answered& response,
                                       const draws& drawn);

/// What a look into the receive queue shows, without taking anything out.
enum class socket_look { quiet, fin, reset, data };

/// The pool before it uses an idle connection again: why it closes it instead; nothing: the connection is good to use.
/// Only a pool that does not watch its idle connections looks at the socket; for the others the reader is the look.
[[nodiscard]] std::optional<role::close_reason> before_reuse(const client_policy& policy, time_limit idle_limit,
                                                             duration age, socket_look look);

/// May `method` be sent again after it met a dead connection (RFC 9110 9.2.2)?
[[nodiscard]] bool may_retry(retry_rule rule, std::string_view method);

}  // namespace firstfin::client
