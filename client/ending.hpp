#pragma once

#include <boost/system/error_code.hpp>
#include <optional>
#include <string>

#include "core/client_policy.hpp"
#include "core/role_protocol.hpp"

namespace firstfin::client {

/// How far a request had come when the connection failed.
enum class progress {
    first_unanswered,   ///< the first on its connection, no byte of the response yet
    reused_unanswered,  ///< on a connection that had carried others, no byte of the response yet
    answering,          ///< in the middle of the response
};

/// A failed read or write, in the words of the role protocol.
struct ending {
    std::optional<role::event_kind> noticed;  ///< eof or reset
    role::close_reason reason{};
    std::string detail;

    friend bool operator==(const ending&, const ending&) = default;
};

/// EOF, ECONNRESET and EPIPE are one class: which one a lost request meets is a matter of microseconds.
[[nodiscard]] ending ending_of(const boost::system::error_code& failure, progress when);

/// How this side's close goes out. The policy's style is for closes of the client's own will; answering the server's
/// FIN, a stop of the program and errors are plain close().
[[nodiscard]] client_close_style style_of(role::close_reason reason, client_close_style style);

}  // namespace firstfin::client
