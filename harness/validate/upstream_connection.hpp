#pragma once

#include "harness/validate/hop.hpp"

// Whether nginx uses a connection to an upstream again: ngx_http_upstream_free_keepalive_peer's conditions, as far as a
// configuration decides them.

namespace firstfin::validate {

/// Why requests that pass here leave no connection to be used again. `block`: null for an address.
[[nodiscard]] obstacle obstacle_at(const nginx_conf::http_settings& all, const place& from,
                                   const nginx_conf::upstream_settings* block);

/// The directive that is in the way; unknown when nothing is.
[[nodiscard]] nginx_conf::position obstacle_position(const place& from, const nginx_conf::upstream_settings* block,
                                                     obstacle what);

}  // namespace firstfin::validate
