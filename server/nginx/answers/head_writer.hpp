#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "server/nginx/exchange.hpp"

namespace firstfin::nginx {

struct served_server;
struct served_location;

/// A header to be written. Lines that nginx keeps in fields of their own have a fixed place; the others follow in the
/// order they came: `earlier`, ETag, `later`.
struct response_head {
    int status = 0;
    std::string_view content_type;       ///< empty: no such line
    std::int64_t content_length = -1;    ///< -1: none
    std::time_t last_modified = -1;      ///< -1: none
    std::string_view relative_location;  ///< made absolute in the line's own place
    bool chunked = false;
    bool keeps_alive = false;
    std::string earlier;
    std::string etag;  ///< its value
    std::string later;
    bool accepts_ranges = false;  ///< Accept-Ranges, the very last

    void add_line(std::string_view name, std::string_view value);
};

/// Appends "Name: value\r\n".
void append_line(std::string& out, std::string_view name, std::string_view value);

/// ngx_http_header_filter: nginx's own lines and their order.
void append_head(std::string& out, const response_head& head, const exchange& what, const served_server& server,
                 const served_location& location);

}  // namespace firstfin::nginx
