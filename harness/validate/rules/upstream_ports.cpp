#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"
#include "harness/validate/upstream_connection.hpp"

namespace firstfin::validate {

namespace {

constexpr std::string_view id = "upstream-ports";

/// How long a port stays with one address after nginx has closed first.
duration blocked_for(const upstream_hop& hop, const system_figures& system) {
    const bool reused = system.reuse == port_reuse::on || (system.reuse == port_reuse::loopback && hop.all_loopback);
    return reused ? system.reuse_delay : system_figures::time_wait;
}

bool nginx_may_close_first(const upstream_hop& hop) {
    // Nobody asks a FastCGI application to keep the connection: it ends its response by closing.
    if (hop.kind == "fastcgi_pass" && !hop.values().fastcgi_keep_conn.value) return false;
    return hop.why_not != obstacle::unknown && hop.why_not != obstacle::not_asked && hop.why_not != obstacle::protocol;
}

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.out) {
        if (hop.all_unix || !nginx_may_close_first(hop)) continue;
        if (!hop.rate) {
            into.needs(id, "--rate");
            continue;
        }
        const auto requests =
            hop.reuses() ? static_cast<double>(std::max<std::int64_t>(1, hop.block->keepalive_requests.value)) : 1.0;
        const auto closes = *hop.rate / requests;
        const auto blocked = closes * seconds_of(blocked_for(hop, about.system));
        const auto ports = static_cast<double>(about.system.ports()) * hop.addresses;
        if (blocked <= ports) continue;
        const auto bearable = ports / seconds_of(blocked_for(hop, about.system));
        into.found(
            {.rule = std::string(id),
             .level = severity::error,
             .where = hop.block == nullptr ? hop.where() : hop.block->where,
             .text = fmt::format("{} connections a second to {} address{} need {} ports at a time, and there are {}: "
                                 "above {} a second connect() fails with EADDRNOTAVAIL, and clients get 502",
                                 count_in_words(closes), hop.addresses, hop.addresses == 1 ? "" : "es",
                                 count_in_words(blocked), count_in_words(ports), count_in_words(bearable)),
             .advice = hop.block == nullptr
                           ? "an upstream block with keepalive; or net.ipv4.tcp_tw_reuse=1, or more addresses"
                           : "reuse connections (keepalive); or net.ipv4.tcp_tw_reuse=1, or more addresses",
             .hops = {hop.name}});
    }
}

}  // namespace

rule upstream_ports() {
    return {.id = "upstream-ports",
            .title = "connections to an upstream run out of ports",
            .highest = severity::error,
            .why =
                "A connection is told apart by both addresses and both ports. Towards one address and port nginx has "
                "as many as net.ipv4.ip_local_port_range holds, 28,232 by default, and one that it closed first stays "
                "in TIME_WAIT for 60 s: about 470 new connections a second, no more. tcp_tw_reuse=1 lets a connect "
                "take a port after a second (its default, 2, does so on loopback alone); tcp_fin_timeout changes "
                "nothing of it. Unix sockets have no ports.",
            .mend = "reuse connections; or several upstream addresses, or tcp_tw_reuse",
            .source = "Linux inet_hash_connect, tcp_twsk_unique; TCP_TIMEWAIT_LEN",
            .look = look};
}

}  // namespace firstfin::validate
