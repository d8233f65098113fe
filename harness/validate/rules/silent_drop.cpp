#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

/// When probes begin on connections of this socket; never: there are none.
time_limit first_probe(const nginx_conf::listen_socket& socket, const system_figures& system) {
    const auto& asked = socket.options.so_keepalive;
    if (!asked || !asked->on) return time_limit::never();
    return asked->idle.count() == 0 ? time_limit(system.keepalive_time) : time_limit(asked->idle);
}

void look_at(const client_hop& hop, const nginx_conf::listen_socket& socket, const facts& about, complaints& into) {
    std::vector<const peer*> forgetful;
    auto shortest = time_limit::never();
    for (const auto& one : hop.peers)
        if (one.is_layer4() && hop.policy.keepalive_timeout >= one.flow_limit() &&
            first_probe(socket, about.system) >= one.flow_limit()) {
            forgetful.push_back(&one);
            shortest = std::min(shortest, one.flow_limit());
        }
    if (forgetful.empty()) return;
    const auto probe = std::max<std::int64_t>(
        1, std::min<std::int64_t>(60, std::chrono::floor<std::chrono::seconds>(shortest.value()).count() / 2));
    const bool system_probes = socket.options.so_keepalive && socket.options.so_keepalive->on;
    into.found(
        {.rule = "silent-drop",
         .level = severity::warning,
         .where = socket.where.is_known() ? socket.where : hop.server().where,
         .text = fmt::format(
             "nginx keeps idle connections for {}, but {} forgets a silent flow: no FIN tells either "
             "side, and the next request on it times out or is reset{}",
             to_text(hop.policy.keepalive_timeout), in_words(forgetful),
             system_probes ? fmt::format(" (probes begin only after {})", to_text(first_probe(socket, about.system)))
                           : ""),
         .advice =
             fmt::format("listen ... so_keepalive={}s::; or keepalive_timeout below {}", probe, to_text(shortest)),
         .hops = {hop.name},
         .peers = ids_of(forgetful),
         .confidence = least_confidence(forgetful)});
}

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in)
        if (hop.keeps())
            for (const auto* socket : hop.sockets)
                look_at(hop, *socket, about, into);
}

}  // namespace

rule silent_drop() {
    return {
        .id = "silent-drop",
        .title = "a layer-4 balancer forgets connections that nginx still keeps",
        .highest = severity::warning,
        .why =
            "A balancer or NAT on layer 4 remembers flows, not requests. It sends no FIN when a flow was silent for "
            "too long; it forgets it. Both ends believe in the connection until somebody writes into it, and then wait "
            "for retransmissions or read a RST. Either nginx closes first, while its FIN still passes, or TCP "
            "keep-alive probes (so_keepalive, not HTTP keep-alive) keep the flow alive; `so_keepalive=on` alone uses "
            "the system's two hours.",
        .mend = "keepalive_timeout below the balancer's idle limit, or so_keepalive with an idle time below it",
        .source = "ngx_http_core_listen (so_keepalive=idle:intvl:cnt); AWS NLB documentation; RFC 9293 3.8.4",
        .look = look};
}

}  // namespace firstfin::validate
