#include <fmt/format.h>

#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in) {
        const auto limit = hop.policy.keepalive_timeout;
        const auto& hint = hop.values().keepalive_header;
        if (!hop.keeps() || limit != time_limit(hint.value)) continue;
        const auto fitting = hint_fitting(hop, limit.value());
        const auto directive = fmt::format("keepalive_timeout {} {}", as_nginx_time(limit.value()), fitting.count());
        finding out{
            .rule = "hint-equals-limit",
            .level = severity::warning,
            .where = decided_at(hop.values().keepalive_timeout, hop),
            .text = fmt::format("responses say Keep-Alive: timeout={} and nginx closes after {}: a client that uses "
                                "the whole time it was given is late by the way to nginx, so nginx is first",
                                hint.value.count(), to_text(limit)),
            .advice = directive + (fitting.count() == 0 ? "; (no hint fits so short a limit)" : ";"),
            .hops = {hop.name}};
        if (!hop.values().keepalive_timeout.is_default())
            out.safe_fix = change{change::kind::replace, hop.values().keepalive_timeout.where, directive};
        into.found(std::move(out));
    }
}

}  // namespace

rule hint_equals_limit() {
    return {
        .id = "hint-equals-limit",
        .title = "the advertised timeout equals the real one",
        .highest = severity::warning,
        .why =
            "nginx counts from the moment it hands the response to its kernel, the client from the moment it has read "
            "it: with equal limits nginx's runs out first, by one crossing of the link. In ten of ten scripted runs "
            "with 20 and 20 nginx was first. The hint is there to make the client close first, with TIME_WAIT on its "
            "side and no request lost; it must leave the client that time.",
        .mend = "a hint some seconds, and an eighth of the limit, below it: Firefox's timers may be that late",
        .source = "ngx_http_set_keepalive, ngx_http_header_filter; gecko nsHttpConnection::TimeToLive",
        .look = look};
}

}  // namespace firstfin::validate
