#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/validate/finding.hpp"
#include "harness/validate/hop.hpp"

// What the rules have in common: where a finding stands, and how peers and figures are put into words.

namespace firstfin::validate {

/// Where a setting of the client's side is decided: its directive, or the server that leaves it to the default.
template <class Value>
[[nodiscard]] nginx_conf::position decided_at(const nginx_conf::setting<Value>& one, const client_hop& hop) {
    return one.is_default() ? hop.server().where : one.where;
}
/// The same of an upstream's pool; the hop must have a block.
template <class Value>
[[nodiscard]] nginx_conf::position decided_at(const nginx_conf::setting<Value>& one, const upstream_hop& hop) {
    return one.is_default() ? hop.block->where : one.where;
}

/// Replaces the directive, or writes the default down as the first line of the block at `block`.
template <class Value>
[[nodiscard]] change set_to(const nginx_conf::setting<Value>& one, nginx_conf::position block, std::string directive) {
    return {one.is_default() ? change::kind::insert : change::kind::replace, one.is_default() ? block : one.where,
            std::move(directive)};
}

/// "keepalive_timeout 65s", with the hint that the same directive gives now, or a lower one that fits the limit.
[[nodiscard]] std::string timeout_directive(const client_hop& hop, duration limit);

/// "aws-alb (60s), cloudflare (900s) and 3 more".
[[nodiscard]] std::string in_words(const std::vector<const peer*>& peers);
[[nodiscard]] std::vector<std::string> ids_of(const std::vector<const peer*>& peers);
/// The confidence of the profile that is known least.
[[nodiscard]] std::string least_confidence(const std::vector<const peer*>& peers);

/// "30,000"; one digit after the point below 10.
[[nodiscard]] std::string count_in_words(double count);
/// Whole seconds, rounded up: "65s".
[[nodiscard]] std::string seconds_up(duration value);
/// As nginx reads it, with the unit that leaves no fraction: "65s", "1500ms".
[[nodiscard]] std::string as_nginx_time(duration value);

/// The largest hint in whole seconds that leaves even a client that is an eighth late time to close before `limit`;
/// zero: there is none.
[[nodiscard]] std::chrono::seconds hint_below(duration limit);
/// The same, and low enough that the clients of this hop that follow hints close before `limit`, where any hint is.
[[nodiscard]] std::chrono::seconds hint_fitting(const client_hop& hop, duration limit);

/// From this many connections a second on, opening them is the load.
inline constexpr double many_connections = 100;

}  // namespace firstfin::validate
