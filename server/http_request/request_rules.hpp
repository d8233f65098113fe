#pragma once

#include <cstddef>

namespace firstfin::http_request {

/// Where nginx's own versions read a request differently.
struct dialect {
    bool strict_host = false;              ///< Host and the host of a target follow RFC 3986 (nginx 1.29.4)
    bool strict_chunk_lines = false;       ///< a lone LF ends no line of a chunked body (1.29.4)
    bool connect_takes_authority = false;  ///< CONNECT names host:port, not a path (the 1.31 series)
    bool tabs_are_blanks = false;          ///< around a field's value, as RFC 9110 5.5 has it (read in 1.31.5's source)

    [[nodiscard]] static constexpr dialect of_nginx(int major, int minor, int patch);

    friend constexpr bool operator==(const dialect&, const dialect&) = default;
};

/// The directives of `http` and `server` that decide what is a request; the defaults are nginx's. Sizes in bytes.
struct request_rules {
    std::size_t client_header_buffer_size = 1024;
    std::size_t large_buffers = 4;  ///< large_client_header_buffers: how many, and how large each
    std::size_t large_buffer_size = 8192;
    bool ignore_invalid_headers = true;
    bool underscores_in_headers = false;
    bool merge_slashes = true;
    /// Lines that are not ignored; 0: any number. 1000 by default since 1.29.8, and in Debian's 1.22.1-9+deb12u11.
    std::size_t max_headers = 0;
    dialect speaks{};
};

constexpr dialect dialect::of_nginx(int major, int minor, int patch) {
    const auto number = (major * 1000 + minor) * 1000 + patch;
    dialect one;
    one.strict_host = one.strict_chunk_lines = number >= 1029004;
    one.connect_takes_authority = number >= 1031000;
    one.tabs_are_blanks = number >= 1031005;
    return one;
}

}  // namespace firstfin::http_request
