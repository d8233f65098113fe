#pragma once

#include <string>
#include <string_view>

namespace firstfin::nginx {

/// The HTML that nginx has for a status (ngx_http_error_pages), without its last lines; empty when it has none.
[[nodiscard]] std::string special_page_text(int status);
/// Those last lines: the server's name. `server`: "nginx/1.22.1", or "nginx" without tokens.
[[nodiscard]] std::string special_page_tail(std::string_view server);
/// What follows for old Internet Explorers and for Chrome: their own pages shall not replace short ones.
[[nodiscard]] std::string_view special_page_padding();

}  // namespace firstfin::nginx
