#pragma once

#include <string>
#include <string_view>

namespace firstfin::nginx {

/// "404 Not Found", in nginx's own words ("302 Moved Temporarily"); empty for a status it has no words for.
[[nodiscard]] std::string_view status_words(int status);

/// Appends "HTTP/1.1 404 Not Found\r\n"; "HTTP/1.1 418 \r\n" without words.
void append_status_line(std::string& out, int status);

}  // namespace firstfin::nginx
