#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace firstfin::http_request {

enum class refusal_reason {
    none,
    invalid_method,
    invalid_request_line,
    unsupported_version,
    method_of_0_9,
    invalid_path,
    invalid_target_host,
    target_too_long,
    invalid_header_line,
    header_too_large,
    too_many_header_lines,
    duplicate_header_line,
    duplicate_host,
    invalid_host,
    missing_host,
    invalid_content_length,
    coding_in_1_0,
    length_and_coding,
    unknown_coding,
    connect_method,
    trace_method,
    invalid_chunk,
    body_too_large,
};

/// Why there will be no request. nginx answers every refusal with `Connection: close` and ends the connection.
struct refusal {
    refusal_reason reason = refusal_reason::none;
    unsigned status = 0;  ///< on the wire; nginx's internal 494 is 400 there
    /// A header too large is followed by a lingering close even if nothing more is there to read.
    bool lingers = false;
    /// The request was HTTP/0.9, and so is the answer: no status line, no header.
    bool bare = false;
    /// The method was HEAD, though the line it begins may be bad: the answer is a header without its body.
    bool head_only = false;
    /// The body that the header announced before it was refused: nginx reads it, or waits lingering_timeout for it,
    /// before its FIN (ngx_http_discard_request_body).
    std::optional<std::uint64_t> content_length;
    bool chunked = false;

    friend bool operator==(const refusal&, const refusal&) = default;
};

[[nodiscard]] refusal refused_for(refusal_reason reason);

/// A few words for a log.
[[nodiscard]] std::string_view describe(refusal_reason reason);

}  // namespace firstfin::http_request
