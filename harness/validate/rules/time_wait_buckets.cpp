#include <fmt/format.h>

#include <cmath>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"
#include "harness/validate/upstream_connection.hpp"

namespace firstfin::validate {

namespace {

constexpr std::string_view id = "time-wait-buckets";

struct load {
    double closes = 0;  ///< a second, by nginx, for certain
    nginx_conf::position where;
};

load of_clients(const client_hop& hop) {
    if (!hop.keeps()) return {*hop.rate, decided_at(hop.values().keepalive_timeout, hop)};
    const auto limit = hop.policy.keepalive_requests;
    if (limit.is_unlimited()) return {};
    return {*hop.rate / limit.value, decided_at(hop.values().keepalive_requests, hop)};
}

load of_upstream(const upstream_hop& hop) {
    const bool first = !hop.reuses() && hop.is_http() && !hop.proxy_asks_close && hop.why_not != obstacle::unknown;
    if (!first || hop.all_unix) return {};
    return {*hop.rate, hop.where()};
}

void judge(const load& of, const std::string& hop, const system_figures& system, complaints& into) {
    const auto entries = of.closes * seconds_of(system_figures::time_wait);
    if (entries <= static_cast<double>(system.time_wait_buckets)) return;
    into.found(
        {.rule = std::string(id),
         .level = severity::warning,
         .where = of.where,
         .text =
             fmt::format("nginx closes {} connections a second and would hold {} in TIME_WAIT; tcp_max_tw_buckets is "
                         "{}: the kernel drops the rest at once (TCPTimeWaitOverflow), without what TIME_WAIT is for",
                         count_in_words(of.closes), count_in_words(entries), system.time_wait_buckets),
         .advice = fmt::format("reuse connections; or net.ipv4.tcp_max_tw_buckets={:.0f} or more", std::ceil(entries)),
         .hops = {hop}});
}

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in)
        if (hop.rate)
            judge(of_clients(hop), hop.name, about.system, into);
        else
            into.needs(id, "--rate");
    for (const auto& hop : about.ways.out)
        if (hop.rate) judge(of_upstream(hop), hop.name, about.system, into);
}

}  // namespace

rule time_wait_buckets() {
    return {.id = "time-wait-buckets",
            .title = "more connections in TIME_WAIT than the kernel keeps",
            .highest = severity::warning,
            .why =
                "tcp_max_tw_buckets bounds the entries in TIME_WAIT of a network namespace. Above it a connection that "
                "closes is simply gone: its late segments are answered with RSTs, its port is free at once, and the "
                "counter TCPTimeWaitOverflow grows. The limit depends on memory (131,072 is common, 8,192 on small "
                "machines).",
            .mend = "fewer closes by nginx (reuse), or a higher limit: an entry takes 256 bytes",
            .source = "Linux tcp_time_wait, sysctl tcp_max_tw_buckets",
            .look = look};
}

}  // namespace firstfin::validate
