#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"
#include "harness/validate/upstream_connection.hpp"

namespace firstfin::validate {

namespace {

void look(const facts& about, complaints& into) {
    for (const auto& one : about.all.upstreams) {
        if (!one.keepalive_lost) continue;
        into.found(
            {.rule = "upstream-keepalive-order",
             .level = severity::warning,
             .where = one.keepalive.where,
             .text = fmt::format("keepalive stands before {}, which undoes it: '{}' has no pool", one.method, one.name),
             .advice = fmt::format("move keepalive behind {}", one.method),
             .hops = {one.name}});
    }
}

}  // namespace

rule upstream_keepalive_order() {
    return {.id = "upstream-keepalive-order",
            .title = "a balancing method written after keepalive undoes it",
            .highest = severity::warning,
            .why =
                "Before 1.29.7 keepalive wraps the balancing method that is known when it is read. A least_conn, "
                "ip_hash, hash or random that follows replaces it, with no more than a warning in the log: three "
                "requests make three connections.",
            .mend = "the balancing method first, keepalive behind it",
            .source = "ngx_http_upstream_keepalive (load balancing method redefined); nginx 1.29.7 (CHANGES)",
            .look = look};
}

}  // namespace firstfin::validate
