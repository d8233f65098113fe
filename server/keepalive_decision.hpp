#pragma once

#include <string_view>

#include "core/role_protocol.hpp"
#include "core/server_policy.hpp"

// Whether a connection outlives a response, and how it ends when it does not. Values in, values out: no sockets.

namespace firstfin {

/// What the Connection fields of a request ask for.
struct connection_wishes {
    bool close = false;
    bool keep_alive = false;

    /// Adds the tokens of one field line; several lines count as one list.
    void add(std::string_view field_value);
};

struct request_facts {
    unsigned version = 11;     ///< 10 or 11
    connection_wishes wishes;  ///< close wins over keep-alive (RFC 9112 9.3)
    std::uint32_t ordinal = 1;
    duration age{};  ///< of the connection when the request began to arrive
};

enum class after_response { keep, close };

[[nodiscard]] after_response decide(const request_facts& request, const server_policy& policy);

/// What the server does to its socket.
enum class ending { fin, rst, linger, await_fin };

/// A style is how the server ends a connection by its own will. Answering the client's FIN, a stop of the whole process
/// and errors are plain close(). Leaving the first FIN to the client needs a response that told it so.
[[nodiscard]] ending ending_of(role::close_reason reason, bool said_close, server_close_style style);

}  // namespace firstfin
