#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

constexpr std::string_view id = "server-before-balancer";

void look_at(const client_hop& hop, complaints& into) {
    const auto limit = hop.policy.keepalive_timeout;
    std::vector<const peer*> longer;
    duration enough{};
    for (const auto& one : hop.peers) {
        if (!one.is_balancer() || one.what.needs_timeout) continue;
        const auto theirs = one.what.client->idle_timeout;
        if (limit > theirs) continue;
        longer.push_back(&one);
        if (!theirs.is_never())
            enough = std::max(enough, theirs.value() + margin(theirs.value(), one.what.client->close_window));
    }
    if (longer.empty()) return;
    const bool can_be_enough = enough != duration::zero();
    const auto directive = timeout_directive(hop, std::chrono::ceil<std::chrono::seconds>(enough));
    finding out{.rule = std::string(id),
                .level = severity::error,
                .where = decided_at(hop.values().keepalive_timeout, hop),
                .text = fmt::format("nginx closes idle connections after {}, not later than {}: a request the balancer "
                                    "writes meanwhile is lost, and its client gets a 502",
                                    to_text(limit), in_words(longer)),
                .advice = can_be_enough ? directive + ";" : "give the balancer an idle limit below nginx's",
                .hops = {hop.name},
                .peers = ids_of(longer),
                .confidence = least_confidence(longer)};
    if (can_be_enough) out.safe_fix = set_to(hop.values().keepalive_timeout, hop.server().where, directive);
    into.found(std::move(out));
}

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in) {
        for (const auto& one : hop.peers)
            if (one.is_balancer() && one.what.needs_timeout)
                into.needs(id, fmt::format("the idle limit of {}: --client 'idle=30s,...'", one.id));
        if (hop.keeps()) look_at(hop, into);
    }
}

}  // namespace

rule server_before_balancer() {
    return {
        .id = id,
        .title = "nginx gives an idle connection up before the balancer does",
        .highest = severity::error,
        .why =
            "A balancer keeps connections to nginx and sends the next request on one that was idle. When nginx's "
            "limit is the shorter one, sooner or later a request leaves the balancer while nginx's FIN is on its way: "
            "nginx answers it with a RST, nothing of it was processed, and the balancer answers 502 because it "
            "cannot know that. The rate of it follows the distribution of idle gaps, not the load, so it is often "
            "mistaken for a capacity problem. When the balancer is the first to close there is nothing to lose: "
            "the side that sends requests knows that it has closed.",
        .mend = "keepalive_timeout at least 5 s above the balancer's idle limit",
        .source = "RFC 9112 9.5; ngx_http_keepalive_handler; the balancer's own documentation (firstfin profiles)",
        .look = look};
}

}  // namespace firstfin::validate
