#include "harness/experiment/nginx_policy.hpp"

#include <algorithm>
#include <limits>

#include "server/nginx_conf/lookup.hpp"

namespace firstfin::experiment {

namespace {

/// nginx compares before it counts: with 0 the first response is the last one, as with 1
/// (ngx_http_update_location_config).
count_limit requests_limit(std::int64_t requests) {
    return {
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(requests, 1, std::numeric_limits<std::uint32_t>::max()))};
}

}  // namespace

server_policy policy_of(const nginx_conf::http_settings& all, const nginx_conf::listen_socket& at) {
    const auto& server = all.servers[at.default_server];
    return policy_of(server, nginx_conf::find_location(server, "/").location->values);
}

server_policy policy_of(const nginx_conf::server_settings& server, const nginx_conf::location_values& values) {
    server_policy out;
    out.keepalive_timeout = values.keepalive_timeout.value;
    out.keepalive_hint = values.keepalive_header.value;
    out.keepalive_requests = requests_limit(values.keepalive_requests.value);
    out.keepalive_time = values.keepalive_time.value;
    out.header_timeout = server.client_header_timeout.value;
    // `on` lingers only where input may still come: after a request whose body was not read, say.
    const bool always = values.lingering_close.value == nginx_conf::lingering::always;
    out.close_style = always ? server_close_style::linger : server_close_style::fin;
    out.lingering_time = values.lingering_time.value;
    out.lingering_timeout = values.lingering_timeout.value;
    return out;
}

}  // namespace firstfin::experiment
