#pragma once

#include <cstdint>
#include <span>

namespace firstfin::capture_reading {

/// What the first bytes of a segment's payload are.
enum class payload_kind : std::uint8_t {
    unseen,             ///< cut away, or too little left to tell
    http_request,       ///< a method and a space; the line may be cut
    http_request_line,  ///< a whole request line that ends in HTTP/1.x
    http_interim,       ///< 100 Continue and the like: the answer is still to come (RFC 9110 15.2)
    http_response,
    tls_alert,  ///< close_notify, mostly: the end of a conversation and no request (RFC 8446 6.1)
    other,
};

/// `captured`: what the capture kept of `payload` bytes.
[[nodiscard]] payload_kind kind_of_payload(std::span<const std::uint8_t> captured, std::uint32_t payload);

}  // namespace firstfin::capture_reading
