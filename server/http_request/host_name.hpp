#pragma once

#include <string>
#include <string_view>

#include "server/http_request/request_rules.hpp"

namespace firstfin::http_request {

/// The host of "host", "host:port" or "[literal]:port" in lower case and without one final dot, put into `host`. False
/// if nginx refuses it (ngx_http_validate_host). Before 1.29.4 nearly anything passes, and what follows the first
/// colon is not looked at.
[[nodiscard]] bool read_host(std::string_view text, const dialect& speaks, std::string& host);

}  // namespace firstfin::http_request
