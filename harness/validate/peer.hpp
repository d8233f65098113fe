#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/profile.hpp"
#include "server/nginx_conf/position.hpp"

namespace firstfin::validate {

/// What stands on the other side of a hop: a profile of the catalogue, or a policy somebody wrote down.
struct peer {
    std::string id;  ///< as it was asked for: "aws-alb", "idle=30s,mode=timer"
    profile what;    ///< `client` is set for those that connect to nginx, `server` for backends

    /// Closes by itself what it does not use, and passes other people's requests on.
    [[nodiscard]] bool is_balancer() const { return what.role == profile_role::lb_upstream && what.layer == 7; }
    /// Forwards segments: it never sends a FIN of its own, and forgets a silent flow after `flow_limit()`.
    [[nodiscard]] bool is_layer4() const { return what.layer == 4; }
    [[nodiscard]] time_limit flow_limit() const {
        return what.client ? what.client->idle_timeout : what.server->keepalive_timeout;
    }
};

/// Who an option names: one profile ("firefox"), a family ("aws-alb": its side that faces nginx), a group ("browsers",
/// "aws", "gcp"), or a policy ("idle=30s,mode=timer,retry=idempotent"). Throws bad_input with the nearest names.
[[nodiscard]] std::vector<peer> clients_named(std::string_view text, const catalogue& profiles);
/// The same of what nginx passes requests to ("idle=30s,window=30s..31s").
[[nodiscard]] std::vector<peer> backends_named(std::string_view text, const catalogue& profiles);

/// Peers of one hop, or of every hop that has none of its own.
struct assigned_peers {
    std::string hop;  ///< a listen address, a server_name, an upstream or host:port; empty: every one
    std::vector<peer> peers;
    /// Known: only what comes to the server whose block stands there is meant, and `hop` is its name for people.
    nginx_conf::position server{};
};

}  // namespace firstfin::validate
