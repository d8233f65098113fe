#pragma once

#include <optional>
#include <vector>

#include "server/nginx_conf/address.hpp"
#include "server/nginx_conf/directive.hpp"
#include "server/nginx_conf/listen_value.hpp"
#include "server/nginx_conf/nginx_version.hpp"
#include "server/nginx_conf/values.hpp"

namespace firstfin::nginx_conf {

/// A `server` of an upstream, as written.
struct upstream_server {
    address where;
    std::string text;  ///< the address as written
    position origin;
    std::int64_t weight = 1;
    std::int64_t max_conns = 0;  ///< 0: no limit
    std::int64_t max_fails = 1;
    seconds fail_timeout{10};
    bool backup = false;
    bool down = false;
    bool resolve = false;
};

struct upstream_server_reading {
    std::optional<upstream_server> value;
    std::vector<misplaced> errors;
};
[[nodiscard]] upstream_server_reading read_upstream_server(const directive& from, const nginx_version& version);

/// What a *_pass points to.
struct pass_target {
    std::string text;            ///< as written
    bool has_variables = false;  ///< decided per request: the rest is unknown
    std::string scheme;          ///< "http", "https" for proxy_pass; "grpc", "grpcs"; else empty
    address where;               ///< `where.kind` name: an upstream of that name, or a host
};
/// The argument of proxy_pass, fastcgi_pass, uwsgi_pass, scgi_pass, grpc_pass, memcached_pass.
[[nodiscard]] result<pass_target> read_pass(const directive& from);

}  // namespace firstfin::nginx_conf
