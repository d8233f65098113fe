#pragma once

#include <boost/system/error_code.hpp>
#include <optional>
#include <string>

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

}  // namespace firstfin::client
