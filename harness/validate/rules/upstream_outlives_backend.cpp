#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"
#include "harness/validate/upstream_connection.hpp"

namespace firstfin::validate {

namespace {

/// The backend's first possible close; never: it does not close idle connections.
time_limit earliest_close(const server_policy& of) {
    const auto window = idle_close_window(of);
    return window ? time_limit(window->earliest) : time_limit::never();
}

std::string lost_requests(retry_rule again) {
    switch (again) {
        case retry_rule::none:
            return "any request is answered with 502 (proxy_next_upstream does not repeat it)";
        case retry_rule::idempotent:
            return "a POST, LOCK or PATCH is answered with 502, others are tried again";
        case retry_rule::all:
            return "requests are tried again, POST too, which may run it twice";
    }
    return {};
}

std::string way_out(const upstream_hop& hop, const peer& backend, duration closes) {
    const auto window = idle_close_window(*backend.what.server);
    const auto wanted = closes - margin(closes, window);
    if (wanted >= std::chrono::seconds(1))
        return fmt::format("keepalive_timeout {}", as_nginx_time(std::chrono::floor<std::chrono::seconds>(wanted)));
    const auto ours = hop.policy.idle_timeout.value();
    return fmt::format("raise the idle limit of {} to {} or more: it is too short for any pool", backend.id,
                       seconds_up(ours + margin(ours, window)));
}

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.out) {
        if (!hop.reuses()) continue;
        const peer* soonest = nullptr;
        std::vector<const peer*> sooner;
        for (const auto& one : hop.backends) {
            if (one.is_layer4() || one.what.needs_timeout) continue;
            const auto theirs = earliest_close(*one.what.server);
            // One that closes after every response says so in it, and nginx does not put the connection into its pool.
            if (theirs.is_never() || theirs.is_zero() || hop.policy.idle_timeout < theirs) continue;
            sooner.push_back(&one);
            if (soonest == nullptr || theirs < earliest_close(*soonest->what.server)) soonest = &one;
        }
        if (soonest == nullptr) continue;
        const auto closes = earliest_close(*soonest->what.server).value();
        const auto& set = hop.block->keepalive_timeout;
        const auto advice = way_out(hop, *soonest, closes);
        const bool is_directive = advice.starts_with("keepalive_timeout");
        finding out{
            .rule = "upstream-outlives-backend",
            .level = severity::error,
            .where = decided_at(set, hop),
            .text = fmt::format("nginx keeps idle connections to '{}' for {}, but {} closes them after {}: a request "
                                "that nginx writes meanwhile is lost; {}",
                                hop.name, to_text(hop.policy.idle_timeout), soonest->id, to_text(closes),
                                lost_requests(hop.policy.retry)),
            .advice = advice + (is_directive ? "; in the upstream" : ""),
            .hops = {hop.name},
            .peers = ids_of(sooner),
            .confidence = least_confidence(sooner)};
        if (is_directive) out.safe_fix = set_to(set, hop.block->where, advice);
        into.found(std::move(out));
    }
}

}  // namespace

rule upstream_outlives_backend() {
    return {.id = "upstream-outlives-backend",
            .title = "the backend gives a pooled connection up before nginx does",
            .highest = severity::error,
            .why =
                "nginx takes an idle connection from its pool without reading from it first. When the backend has the "
                "shorter limit, the request may cross the backend's FIN: the backend answers with a RST, and nginx "
                "tries the next server only for methods that may be repeated. POST, LOCK and PATCH end in a 502 that "
                "neither log explains. Node closes after 5 s (6 in recent versions), gunicorn after 2, uvicorn and "
                "Apache after 5; nginx's pool keeps 60.",
            .mend = "keepalive_timeout in the upstream below the backend's limit, or a longer limit in the backend",
            .source =
                "ngx_http_upstream_get_keepalive_peer, ngx_http_upstream_next; RFC 9110 9.2.2; each server's source "
                "(firstfin profiles)",
            .look = look};
}

}  // namespace firstfin::validate
