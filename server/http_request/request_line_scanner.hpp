#pragma once

#include <cstdint>

#include "server/http_request/refusal.hpp"
#include "server/http_request/request_rules.hpp"
#include "server/http_request/scan_step.hpp"

namespace firstfin::http_request {

/// Where the parts of a request line are, counted from the first byte received.
struct request_line_marks {
    std::uint32_t begin = 0;  ///< behind the empty lines that may come first
    std::uint32_t method_end = 0;
    std::uint32_t host = 0, host_end = 0;  ///< of an absolute target, with its port; equal: none
    std::uint32_t target = 0, target_end = 0;
    std::uint32_t args = 0;  ///< 0: none. Not to be used of a path that needs reading
    std::uint32_t protocol = 0;
    std::uint32_t end = 0;  ///< of the line, without its CR LF
    std::uint16_t major = 0;
    std::uint16_t minor = 0;
    bool names_host = false;
    bool is_connect = false;
    bool is_head = false;
    bool needs_reading = false;  ///< percent sequences, dot segments, double slashes, '#', or no path at all
};

/// nginx's grammar of a request line (ngx_http_parse_request_line), byte by byte, so that a wrong byte is refused
/// when it comes and not when its line ends. Goes on where it stopped; the bytes may have moved meanwhile.
class request_line_scanner {
public:
    explicit request_line_scanner(bool connect_takes_authority) : connect_takes_authority_(connect_takes_authority) {}

    scan_step scan(const char* bytes, std::uint32_t size);

    /// Behind the line, or where the bytes ran out, or at the byte that was wrong.
    [[nodiscard]] std::uint32_t position() const { return at_; }
    [[nodiscard]] const request_line_marks& marks() const { return marks_; }
    [[nodiscard]] refusal_reason reason() const { return reason_; }

    /// No byte but line ends has come.
    [[nodiscard]] bool only_line_ends() const { return state_ == state::before_method; }
    /// It came to its end, good or not.
    [[nodiscard]] bool is_complete() const { return complete_; }
    /// The first `bytes` of them are gone from the buffer.
    void forget(std::uint32_t bytes) { at_ -= bytes; }

private:
    enum class state : std::uint8_t {
        before_method,
        method,
        before_target,
        before_authority,
        scheme,
        scheme_colon,
        scheme_slash,
        host_first,
        host,
        literal,
        host_end,
        port,
        segment_first,
        segment,
        rest_of_target,
        after_target,
        protocol_name,
        major_first,
        major,
        minor_first,
        minor,
        after_version,
        line_feed,
    };

    scan_step fail(refusal_reason reason);
    bool end_authority(char one, std::uint32_t here);
    bool end_target(char one, std::uint32_t here);

    request_line_marks marks_;
    std::uint32_t at_ = 0;
    std::uint32_t scheme_end_ = 0;
    state state_ = state::before_method;
    std::uint8_t letters_seen_ = 0;  ///< of "HTTP/"
    bool connect_takes_authority_;
    bool complete_ = false;
    refusal_reason reason_ = refusal_reason::none;
};

}  // namespace firstfin::http_request
