#pragma once

#include <optional>
#include <vector>

#include "server/nginx_conf/address.hpp"
#include "server/nginx_conf/directive.hpp"
#include "server/nginx_conf/nginx_version.hpp"
#include "server/nginx_conf/values.hpp"

namespace firstfin::nginx_conf {

/// Parts not given are 0: the kernel's own.
struct tcp_keepalive {
    bool on = true;
    seconds idle{0};
    seconds interval{0};
    std::int64_t count = 0;
};

/// One `listen`, as written.
struct listen_value {
    address where;
    bool default_server = false;
    bool ssl = false;
    bool http2 = false;
    bool quic = false;
    bool proxy_protocol = false;

    /// Has any option of the socket itself: only one `listen` of an address may.
    bool sets_options = false;
    std::int64_t backlog = 511;
    std::optional<std::int64_t> rcvbuf;
    std::optional<std::int64_t> sndbuf;
    std::optional<std::int64_t> fastopen;
    std::optional<tcp_keepalive> so_keepalive;  ///< nothing: the system's default, off
    bool reuseport = false;
    bool deferred = false;
    bool ipv6only = true;
    bool bind = false;
};

struct misplaced {
    position where;
    std::string text;
};

/// What nginx -t would say about the arguments; `value` holds what could be read.
struct listen_reading {
    std::optional<listen_value> value;
    std::vector<misplaced> errors;
};
[[nodiscard]] listen_reading read_listen(const directive& from, const nginx_version& version);

}  // namespace firstfin::nginx_conf
