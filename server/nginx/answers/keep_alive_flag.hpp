#pragma once

#include "server/nginx/exchange.hpp"
#include "server/nginx_conf/settings.hpp"

namespace firstfin::nginx {

/// Whether a location, when it is entered, leaves r->keepalive set (ngx_http_update_location_config). Every location
/// that a request visits has its say, and what was cleared stays cleared.
[[nodiscard]] bool location_keeps_alive(const nginx_conf::location_values& values, const exchange& what,
                                        http_request::method verb);

/// Whether a special response with this code lets the connection live (ngx_http_special_response_handler).
[[nodiscard]] bool status_keeps_alive(int status);

}  // namespace firstfin::nginx
