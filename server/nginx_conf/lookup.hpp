#pragma once

#include <string>
#include <string_view>

#include "server/nginx_conf/settings.hpp"

// Which server and which location a request comes to. Pure functions of the settings.

namespace firstfin::nginx_conf {

/// As nginx compares hosts: lower case, without port and last dot (ngx_http_validate_host).
[[nodiscard]] std::string normal_host(std::string_view host);

/// By Host: the exact name, the longest *.name, the longest name.*, the first pattern, the default server. An empty
/// host means none was sent.
[[nodiscard]] const server_settings& choose_server(const http_settings& all, const listen_socket& at,
                                                   std::string_view host);

struct found_location {
    const location_settings* location = nullptr;  ///< the server's own level when no location matches
    bool adds_slash = false;  ///< nginx answers 301 to the URI with a "/": a location of that name passes requests on
};

/// For a normalised URI (decoded, without arguments). Rewrites, ifs and internal redirects are not followed.
[[nodiscard]] found_location find_location(const server_settings& server, std::string_view uri);
/// For "@name"; null when there is none.
[[nodiscard]] const location_settings* find_named_location(const server_settings& server, std::string_view name);

}  // namespace firstfin::nginx_conf
