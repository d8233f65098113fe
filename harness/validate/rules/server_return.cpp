#include <fmt/format.h>

#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

void zero(const client_hop& hop, complaints& into) {
    into.found({.rule = "server-return",
                .level = severity::warning,
                .where = decided_at(hop.values().keepalive_timeout, hop),
                .text = "the server answers with `return`, before nginx decides about keep-alive: the response says "
                        "keep-alive, and nginx closes behind it all the same (keepalive_timeout 0); clients find their "
                        "connection gone without a word",
                .advice = "put the `return` into `location / { }`: then the response says close",
                .hops = {hop.name}});
}

/// Settings written into the very block that answers.
template <class Value>
void without_effect(const client_hop& hop, const nginx_conf::setting<Value>& one,
                    const nginx_conf::setting<Value>& outside, std::string_view name, complaints& into) {
    if (one.is_default() || one.where == outside.where) return;
    into.found(
        {.rule = "server-return",
         .level = severity::note,
         .where = one.where,
         .text = fmt::format("{} has no effect: the server answers with `return`, before nginx looks at it", name),
         .advice = "put the `return` into `location / { }`",
         .hops = {hop.name}});
}

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in) {
        if (!hop.answered_by_server) continue;
        if (!hop.keeps()) zero(hop, into);
        const auto& own = hop.values();
        const auto& outside = about.all.values;
        without_effect(hop, own.keepalive_requests, outside.keepalive_requests, "keepalive_requests", into);
        without_effect(hop, own.keepalive_time, outside.keepalive_time, "keepalive_time", into);
        without_effect(hop, own.keepalive_disable, outside.keepalive_disable, "keepalive_disable", into);
    }
}

}  // namespace

rule server_return() {
    return {
        .id = "server-return",
        .title = "a server that answers by itself skips the keep-alive limits",
        .highest = severity::warning,
        .why =
            "`return` directly in a server ends the request in the rewrite phase, before the phase in which nginx "
            "looks "
            "at keepalive_requests, keepalive_time, keepalive_disable and a keepalive_timeout of 0. The limits do not "
            "apply, and with a zero the header still says keep-alive though the connection is closed at once.",
        .mend = "`location / { return ...; }`",
        .source = "ngx_http_core_find_config_phase; cases 12 and 13",
        .look = look};
}

}  // namespace firstfin::validate
