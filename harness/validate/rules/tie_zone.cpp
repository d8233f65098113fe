#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

void look_at(const client_hop& hop, const system_figures& system, complaints& into) {
    std::vector<const peer*> tied;
    duration latest{};
    std::string windows;
    const auto hint = std::chrono::ceil<std::chrono::seconds>(hop.policy.keepalive_hint);
    for (const auto& one : hop.peers) {
        if (one.what.role != profile_role::client || one.what.client->mode != close_mode::timer) continue;
        if (outlook_of(hop, one, system).first != model::closer::undecided) continue;
        const auto window = idle_close_window(*one.what.client, hint);
        if (!window) continue;
        tied.push_back(&one);
        latest = std::max(latest, window->latest);
        windows += fmt::format("{}{} {}", windows.empty() ? "" : ", ", one.id, to_text(*window));
    }
    if (tied.empty()) return;
    const auto directive =
        timeout_directive(hop, std::chrono::ceil<std::chrono::seconds>(latest) + std::chrono::seconds(5));
    into.found(
        {.rule = "tie-zone",
         .level = severity::warning,
         .where = decided_at(hop.values().keepalive_timeout, hop),
         .text = fmt::format("nginx's {} lies where the client closes, too ({}): who is first is a matter of chance, "
                             "and so is who holds TIME_WAIT",
                             to_text(hop.policy.keepalive_timeout), windows),
         .advice = directive + "; (the clients close first) or well below",
         .safe_fix = set_to(hop.values().keepalive_timeout, hop.server().where, directive),
         .hops = {hop.name},
         .peers = ids_of(tied),
         .confidence = least_confidence(tied)});
}

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in)
        if (hop.keeps()) look_at(hop, about.system, into);
}

}  // namespace

rule tie_zone() {
    return {
        .id = "tie-zone",
        .title = "nginx and the client close at the same time",
        .highest = severity::warning,
        .why =
            "A client's timer has a window: Firefox looks at its connections when a timer fires that may be an eighth "
            "of its length late, at most 10 s, so it closes 115 to 125 s after the last response. A server limit in "
            "that window makes the order a draw for every single connection: measurements do not repeat, half of the "
            "TIME_WAIT entries are here and half there, and requests meet closing connections.",
        .mend = "keepalive_timeout outside of the client's window: above it the client closes first",
        .source = "gecko xpcom/threads/TimerThread.cpp:ComputeAcceptableFiringDelay; firstfin profiles",
        .look = look};
}

}  // namespace firstfin::validate
