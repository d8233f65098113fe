#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

void look_at(const client_hop& hop, complaints& into) {
    const auto limit = hop.policy.keepalive_timeout;
    std::vector<const peer*> near;
    duration enough{};
    for (const auto& one : hop.peers) {
        if (!one.is_balancer() || one.what.needs_timeout || one.what.client->idle_timeout.is_never()) continue;
        const auto theirs = one.what.client->idle_timeout.value();
        const auto wanted = theirs + margin(limit.is_never() ? theirs : limit.value(), one.what.client->close_window);
        if (limit.value() <= theirs || limit.value() >= wanted) continue;
        near.push_back(&one);
        enough = std::max(enough, wanted);
    }
    if (near.empty()) return;
    const auto directive = timeout_directive(hop, std::chrono::ceil<std::chrono::seconds>(enough));
    into.found({.rule = "server-near-balancer",
                .level = severity::warning,
                .where = decided_at(hop.values().keepalive_timeout, hop),
                .text = fmt::format("nginx closes idle connections after {}, later than {} but by less than {}: a late "
                                    "timer or a slow link is enough to turn the order round",
                                    to_text(limit), in_words(near),
                                    to_text(enough - near.front()->what.client->idle_timeout.value())),
                .advice = directive + ";",
                .safe_fix = set_to(hop.values().keepalive_timeout, hop.server().where, directive),
                .hops = {hop.name},
                .peers = ids_of(near),
                .confidence = least_confidence(near)});
}

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in)
        if (hop.keeps()) look_at(hop, into);
}

}  // namespace

rule server_near_balancer() {
    return {
        .id = "server-near-balancer",
        .title = "nginx's limit is above the balancer's by too little",
        .highest = severity::warning,
        .why =
            "Both sides count from their own last byte, on clocks that wake up late: nginx's epoll_wait by up to a "
            "thousandth of the limit, the balancer's by whatever it needs for a sweep, and the FIN takes a link "
            "crossing. Limits that differ by less than that lie in a race, which loses a request now and then. Five "
            "seconds is what vendors publish as safe (60 and 65, 90 and 95, 600 and 620).",
        .mend = "keepalive_timeout at least 5 s above the balancer's idle limit",
        .source = "epoll_wait's timer slack (fs/eventpoll.c); vendors' recommendations (firstfin profiles)",
        .look = look};
}

}  // namespace firstfin::validate
