#pragma once

#include <optional>

#include "harness/validate/finding.hpp"
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

/// The location of a place: for an `if` block, which takes few directives, the one around it.
[[nodiscard]] nginx_conf::position location_of(const place& from);

/// The server or location whose block another proxy_set_header may go into, so that this place obeys it and loses none
/// of the lines it has: the level that its lines stand at. Nothing when that is http.
[[nodiscard]] std::optional<nginx_conf::position> level_of_headers(const nginx_conf::http_settings& all,
                                                                   const place& from);

/// The line of a map that makes the variable in Connection empty for a request without Upgrade.
[[nodiscard]] std::optional<change> empty_answer(const nginx_conf::http_settings& all, const place& from);

}  // namespace firstfin::validate
