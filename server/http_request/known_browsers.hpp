#pragma once

#include <string_view>

// The browsers that keepalive_disable names, as nginx tells them by their User-Agent (ngx_http_process_user_agent).
// Asked only where it matters: of a POST, or of a server that says `keepalive_disable safari`.

namespace firstfin::http_request {

/// Internet Explorer 4 to 6, but not 6 with service pack 2 ("SV1"). keepalive_disable msie6 closes after its POSTs.
[[nodiscard]] bool is_old_msie(std::string_view user_agent);

/// Safari on a Mac.
[[nodiscard]] bool is_mac_safari(std::string_view user_agent);

}  // namespace firstfin::http_request
