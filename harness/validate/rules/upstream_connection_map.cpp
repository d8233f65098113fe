#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"
#include "harness/validate/upstream_connection.hpp"

namespace firstfin::validate {

namespace {

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.out) {
        if (hop.why_not != obstacle::connection_map) continue;
        for (const auto& one : hop.places)
            into.found({.rule = "upstream-connection-map",
                        .level = severity::warning,
                        .where = obstacle_position(one, hop.block, hop.why_not),
                        .text = fmt::format(
                            "the map behind {} answers close for requests without Upgrade: all but WebSockets "
                            "end their connection, and the pool of '{}' stays empty",
                            nginx_conf::connection_to_upstream(one.values(), about.all.version).value_or(""), hop.name),
                        .advice = "in the map: '' ''; for the empty key, so that no header is sent",
                        .safe_fix = empty_answer(about.all, one),
                        .hops = {hop.name}});
    }
}

}  // namespace

rule upstream_connection_map() {
    return {.id = "upstream-connection-map",
            .title = "the WebSocket idiom closes every other connection",
            .highest = severity::warning,
            .why =
                "The widespread map of $http_upgrade to $connection_upgrade answers upgrade for WebSockets and close "
                "for everything else, because without a pool close is right. With keepalive in the upstream it defeats "
                "the pool for all ordinary requests. An empty value sends no header at all, which HTTP/1.1 understands "
                "as keep-alive.",
            .mend = "an empty string for the empty key of the map",
            .source = "nginx documentation, WebSocket proxying; ngx_http_map_module",
            .look = look};
}

}  // namespace firstfin::validate
