#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "harness/witness/segment.hpp"

namespace firstfin::explain {

/// What a segment's payload begins with.
struct message_line {
    enum class kind : std::uint8_t {
        none,      ///< no payload was captured, or the middle of a message
        request,   ///< METHOD target HTTP/1.x
        response,  ///< HTTP/1.x status words
        other,     ///< the client sent something that is no request line
    };
    kind what = kind::none;
    std::string text;  ///< the first line, without its end; hostile until shown
    bool cut = false;  ///< the captured bytes end before the line does

    friend bool operator==(const message_line&, const message_line&) = default;
};

/// Of the captured bytes of a payload, which may be cut short.
[[nodiscard]] message_line message_line_of(side from, std::span<const std::uint8_t> payload);

}  // namespace firstfin::explain
