#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace firstfin::nginx {

/// Appends "Sun, 06 Nov 1994 08:49:37 GMT".
void append_http_time(std::string& out, std::time_t when);

/// The three formats of RFC 9110 5.6.7, as ngx_parse_http_time reads them: names of days are not looked at.
[[nodiscard]] std::optional<std::time_t> parse_http_time(std::string_view text);

}  // namespace firstfin::nginx
