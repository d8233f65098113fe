#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/text_value.hpp"
#include "harness/capture_reading/payload_kind.hpp"
#include "harness/witness/segment.hpp"

namespace firstfin::capture_reading {

/// What a number of requests is a count of.
enum class request_basis : std::uint8_t {
    http,   ///< request lines of HTTP/1.x at the beginning of a segment
    turns,  ///< times the client spoke after the server, because the payload is cut away or is no plain HTTP
};
}  // namespace firstfin::capture_reading

namespace firstfin {
template <>
inline constexpr std::array names_of<capture_reading::request_basis> = {
    enum_name<capture_reading::request_basis>{capture_reading::request_basis::http, "http"},
    enum_name<capture_reading::request_basis>{capture_reading::request_basis::turns, "turns"}};
}  // namespace firstfin

namespace firstfin::capture_reading {

/// Counts the requests of a connection from its new payload. Requests that share a segment count once. Follows both
/// ends alike, as wire_reader does.
class request_counter {
public:
    void add(side from, payload_kind what, std::uint32_t bytes);
    void swap_sides();

    [[nodiscard]] request_basis basis() const;
    [[nodiscard]] std::uint32_t requests() const;
    /// Whether what the client sent last can be a request. A goodbye of TLS after the server's FIN is none; where the
    /// bytes cannot be read, whatever is no longer than such a goodbye is not called a request.
    [[nodiscard]] bool last_turn_may_be_a_request() const;

private:
    struct end {
        std::uint32_t requests = 0;
        std::uint32_t turns = 0;
        std::uint32_t unseen_turns = 0;
        std::uint32_t turn_bytes = 0;
        payload_kind turn_kind = payload_kind::unseen;
    };
    [[nodiscard]] const end& client() const { return ends_[static_cast<std::size_t>(side::client)]; }

    std::array<end, 2> ends_;
    std::optional<side> last_;
};

}  // namespace firstfin::capture_reading
