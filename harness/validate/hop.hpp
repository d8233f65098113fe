#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/client_policy.hpp"
#include "core/server_policy.hpp"
#include "harness/validate/peer.hpp"
#include "harness/validate/workload.hpp"
#include "server/nginx_conf/settings.hpp"

// The TCP connections a configuration makes possible: what comes to nginx, and what nginx makes to others. A hop is a
// value that points into the settings it was made of, which must outlive it.

namespace firstfin::validate {

/// A location, or a server's own level (requests that no location matches, or that the server answers itself).
struct place {
    const nginx_conf::server_settings* server = nullptr;
    const nginx_conf::location_settings* location = nullptr;  ///< &server->level for the level itself

    [[nodiscard]] const nginx_conf::location_values& values() const { return location->values; }
};

/// One way in: the places of one server that end their clients' connections alike.
struct client_hop {
    std::string name;                  ///< "example.org:443", and " /api" where the places are not the whole server
    std::vector<std::string> listens;  ///< "0.0.0.0:443"
    std::vector<const nginx_conf::listen_socket*> sockets;
    std::string server_name;  ///< the first; empty: none
    std::vector<place> places;
    server_policy policy;             ///< an idle limit of 0: every response ends its connection
    bool answered_by_server = false;  ///< `return` in the server itself: the limits of section 1 do not apply to it
    std::optional<double> rate;
    std::vector<peer> peers;

    /// Of all places: they are alike in what matters here.
    [[nodiscard]] const nginx_conf::location_values& values() const { return places.front().values(); }
    [[nodiscard]] const nginx_conf::server_settings& server() const { return *places.front().server; }
    [[nodiscard]] bool keeps() const { return !policy.keepalive_timeout.is_zero(); }
};

/// Why a connection to an upstream is not used again.
enum class obstacle : std::uint8_t {
    none,              ///< it is
    implicit,          ///< passed to an address, which has no pool
    no_pool,           ///< the upstream block has none
    pool_lost,         ///< its `keepalive` stands before the balancing method
    http_1_0,          ///< spoken, and without Connection: keep-alive
    connection_close,  ///< sent
    connection_lost,   ///< cleared at an outer level, sent because this level sets headers of its own
    connection_map,    ///< sent, by a map
    not_asked,         ///< FastCGI without fastcgi_keep_conn
    protocol,          ///< uwsgi and scgi have no reuse
    unknown,           ///< variables decide
};

/// One way out: what is passed to the same target under the same conditions.
struct upstream_hop {
    std::string name;  ///< the upstream block's, or "host:port", or the text with its variables
    std::string kind;  ///< "proxy_pass", "grpc_pass", ...
    const nginx_conf::upstream_settings* block = nullptr;  ///< null: an address
    std::vector<place> places;
    obstacle why_not = obstacle::none;
    /// nginx as a client: the pool's idle limit, requests, retries. Of an upstream without reuse: closes at once.
    client_policy policy;
    bool proxy_asks_close = false;  ///< sends Connection: close, or HTTP/1.0 without keep-alive: both sides close
    std::uint32_t addresses = 1;    ///< different ones that take requests, unix sockets left out
    bool all_loopback = false;      ///< of those addresses
    bool all_unix = false;
    std::optional<double> rate;
    std::vector<peer> backends;

    [[nodiscard]] const nginx_conf::location_values& values() const { return places.front().values(); }
    [[nodiscard]] bool reuses() const { return why_not == obstacle::none; }
    [[nodiscard]] bool is_http() const { return kind == "proxy_pass" || kind == "grpc_pass"; }
    /// Its name, and that nothing is used again there: one upstream may be reached with and without.
    [[nodiscard]] std::string label() const { return reuses() || block == nullptr ? name : name + " (no reuse)"; }
    /// The directive that passes, of the first place.
    [[nodiscard]] nginx_conf::position where() const { return places.front().location->pass->where; }
};

struct hops {
    std::vector<client_hop> in;
    std::vector<upstream_hop> out;
    std::vector<std::string> unmatched;  ///< hops that peers or rates were given for, and that do not exist
};

[[nodiscard]] hops hops_of(const nginx_conf::http_settings& all, const std::vector<assigned_peers>& clients,
                           const std::vector<assigned_peers>& backends, const workload& traffic);

}  // namespace firstfin::validate
