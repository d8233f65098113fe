#pragma once

#include "core/server_policy.hpp"
#include "server/nginx_conf/settings.hpp"

namespace firstfin::experiment {

/// When and how this nginx ends connections that come to `at` and ask for "/", as far as a server_policy can say it:
/// the default server of the socket, and the location that "/" leads to. Rewrites, ifs and an answer whose status ends
/// the connection (400, 500, ...) are not followed.
[[nodiscard]] server_policy policy_of(const nginx_conf::http_settings& all, const nginx_conf::listen_socket& at);

/// The same of requests that this location of this server answers.
[[nodiscard]] server_policy policy_of(const nginx_conf::server_settings& server,
                                      const nginx_conf::location_values& values);

}  // namespace firstfin::experiment
