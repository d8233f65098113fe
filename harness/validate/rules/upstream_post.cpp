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
        if (!hop.reuses() || !hop.is_http() || !hop.backends.empty() || hop.policy.retry != retry_rule::idempotent)
            continue;
        into.found({.rule = "upstream-post",
                    .level = severity::note,
                    .where = hop.block->where,
                    .text = fmt::format(
                        "a POST, LOCK or PATCH written into a pooled connection that '{}' is closing is answered "
                        "with 502: nginx does not repeat those; whether that happens depends on the backend's "
                        "idle limit, which nobody named (nginx's pool: {})",
                        hop.name, to_text(hop.policy.idle_timeout)),
                    .advice = fmt::format(
                        "name what is there (--backend {}=node-http-server, or 'idle=5s'), and keep its limit "
                        "above the pool's",
                        hop.name),
                    .hops = {hop.name}});
    }
}

}  // namespace

rule upstream_post() {
    return {.id = "upstream-post",
            .title = "POST over connections that the backend may be closing",
            .highest = severity::note,
            .why =
                "nginx repeats a request on another connection when a pooled one turns out to be dead, but not POST, "
                "LOCK and PATCH once they are written: they might run twice. Such a request is lost whenever the "
                "backend closes first. Known backends are judged by their limits (upstream-outlives-backend); of "
                "unknown ones this says what to find out.",
            .mend = "name the backend; keep its idle limit above keepalive_timeout of the upstream",
            .source = "ngx_http_upstream_next; RFC 9110 9.2.2",
            .look = look};
}

}  // namespace firstfin::validate
