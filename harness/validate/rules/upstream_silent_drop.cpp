#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"
#include "harness/validate/upstream_connection.hpp"

namespace firstfin::validate {

namespace {

/// When nginx's probes to an upstream begin; never: it sends none.
time_limit first_probe(const upstream_hop& hop, const system_figures& system) {
    return hop.values().proxy_socket_keepalive.value ? time_limit(system.keepalive_time) : time_limit::never();
}

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.out) {
        if (!hop.reuses()) continue;
        for (const auto& one : hop.backends) {
            if (!one.is_layer4() || hop.policy.idle_timeout < one.flow_limit()) continue;
            if (first_probe(hop, about.system) < one.flow_limit()) continue;
            const auto& set = hop.block->keepalive_timeout;
            const auto below = std::chrono::floor<std::chrono::seconds>(one.flow_limit().value() -
                                                                        margin(one.flow_limit().value(), std::nullopt));
            const auto directive = fmt::format("keepalive_timeout {}", as_nginx_time(below));
            into.found({.rule = "upstream-silent-drop",
                        .level = severity::warning,
                        .where = decided_at(set, hop),
                        .text = fmt::format(
                            "nginx keeps idle connections to '{}' for {}, but {} forgets a silent flow after {}: "
                            "no FIN tells nginx, and the next request waits for proxy_read_timeout ({})",
                            hop.name, to_text(hop.policy.idle_timeout), one.id, to_text(one.flow_limit()),
                            to_text(time_limit(hop.values().proxy_read_timeout.value))),
                        .advice = directive + "; in the upstream, or proxy_socket_keepalive on; with "
                                              "net.ipv4.tcp_keepalive_time below that limit",
                        .safe_fix = set_to(set, hop.block->where, directive),
                        .hops = {hop.name},
                        .peers = {one.id},
                        .confidence = one.what.confidence});
        }
    }
}

}  // namespace

rule upstream_silent_drop() {
    return {
        .id = "upstream-silent-drop",
        .title = "a layer-4 balancer forgets pooled connections",
        .highest = severity::warning,
        .why =
            "Between nginx and its backends a balancer or NAT on layer 4 drops flows that were silent for too long, "
            "without a FIN. nginx takes such a connection from its pool, writes, and waits. proxy_socket_keepalive "
            "sends TCP probes, but with the system's times (two hours at first): there is no interval to set in nginx.",
        .mend =
            "keepalive_timeout of the upstream below the balancer's limit, or probes with a lowered tcp_keepalive_time",
        .source = "ngx_http_upstream_connect (so_keepalive); AWS NLB documentation",
        .look = look};
}

}  // namespace firstfin::validate
