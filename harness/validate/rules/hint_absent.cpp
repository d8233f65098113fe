#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

bool would_follow(const peer& one) {
    return one.what.role == profile_role::client && one.what.client->mode == close_mode::timer &&
           one.what.client->hint == hint_use::follow;
}

/// With this hint the client is certain to close before nginx, and not at once.
bool makes_it_first(std::chrono::seconds hint, const client_policy& client, duration nginx_limit) {
    const auto window = idle_close_window(client, hint);
    return window && window->latest < nginx_limit && window->latest > duration::zero();
}

void look_at(const client_hop& hop, const system_figures& system, complaints& into) {
    const auto limit = hop.policy.keepalive_timeout;
    std::vector<const peer*> willing;
    for (const auto& one : hop.peers)
        if (would_follow(one)) {
            const auto first = outlook_of(hop, one, system).first;
            if (first == model::closer::server || first == model::closer::undecided) willing.push_back(&one);
        }
    if (willing.empty() || limit.is_never()) return;
    auto hint = std::chrono::floor<std::chrono::seconds>(limit.value());
    const auto fits = [&](const peer* one) { return makes_it_first(hint, *one->what.client, limit.value()); };
    while (hint.count() > 0 && !std::ranges::all_of(willing, fits))
        --hint;
    if (hint.count() == 0) return;
    const auto directive = fmt::format("keepalive_timeout {} {}", as_nginx_time(limit.value()), hint.count());
    into.found(
        {.rule = "hint-absent",
         .level = severity::note,
         .where = decided_at(hop.values().keepalive_timeout, hop),
         .text = fmt::format("nginx closes first, after {}, and holds TIME_WAIT, although {} would close by itself "
                             "sooner when told to",
                             to_text(limit), in_words(willing)),
         .advice = fmt::format("{}; sends Keep-Alive: timeout={}, and TIME_WAIT moves to the client", directive,
                               hint.count()),
         .safe_fix = set_to(hop.values().keepalive_timeout, hop.server().where, directive),
         .hops = {hop.name},
         .peers = ids_of(willing),
         .confidence = least_confidence(willing)});
}

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in)
        if (hop.keeps() && hop.values().keepalive_header.value.count() == 0) look_at(hop, about.system, into);
}

}  // namespace

rule hint_absent() {
    return {
        .id = "hint-absent",
        .title = "a Keep-Alive: timeout= header would move TIME_WAIT to the client",
        .highest = severity::note,
        .why =
            "Firefox, .NET, Java's HttpURLConnection and others replace their own idle limit by the timeout a server "
            "advertises. A hint below nginx's own limit makes them close first: TIME_WAIT is theirs, and no request "
            "can meet nginx's close. nginx sends the header only when keepalive_timeout has a second value. "
            "Chromium, curl, Go and OkHttp ignore it.",
        .mend = "a second value of keepalive_timeout",
        .source = "ngx_http_header_filter; each client's source (firstfin profiles)",
        .look = look};
}

}  // namespace firstfin::validate
