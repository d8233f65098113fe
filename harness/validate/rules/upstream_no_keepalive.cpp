#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"
#include "harness/validate/upstream_connection.hpp"

namespace firstfin::validate {

namespace {

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.out) {
        if (hop.why_not != obstacle::no_pool || !hop.is_http()) continue;
        const auto& set = hop.block->keepalive;
        const bool many = hop.rate.value_or(0) >= many_connections;
        const auto directive = fmt::format("keepalive {}", 32);
        const bool is_old = about.all.version < nginx_conf::nginx_version{1, 29, 7};
        const bool needs_both = is_old && hop.kind == "proxy_pass";
        // First in the block it would stand before the balancing method, which undid it then.
        const bool is_safe = !needs_both && !(is_old && hop.block->method != "round_robin");
        finding out{
            .rule = "upstream-no-keepalive",
            .level = many ? severity::warning : severity::note,
            .where = decided_at(set, hop),
            .text = fmt::format("nginx {} keeps no connection to '{}': {} handshakes a second and a TIME_WAIT for each",
                                to_text(about.all.version), hop.name,
                                hop.rate ? count_in_words(*hop.rate) : std::string("as many as requests")),
            .advice = fmt::format("{}; in the upstream{}", directive,
                                  needs_both ? ", with proxy_http_version 1.1; and proxy_set_header Connection \"\"; "
                                               "where requests are passed"
                                             : ""),
            .hops = {hop.name}};
        if (is_safe) out.safe_fix = set_to(set, hop.block->where, directive);
        into.found(std::move(out));
    }
}

}  // namespace

rule upstream_no_keepalive() {
    return {.id = "upstream-no-keepalive",
            .title = "an upstream without a pool of connections",
            .highest = severity::warning,
            .why =
                "Before 1.29.7 nginx closes every connection to an upstream after one request unless the block has "
                "keepalive. Each request then pays for a handshake, and somebody holds TIME_WAIT: the backend in most "
                "cases, nginx in the others (both are told to close). Since 1.29.7 a named upstream keeps 32 idle "
                "connections a worker by itself; `keepalive 0` turns that off.",
            .mend = "keepalive in the upstream; before 1.29.7 HTTP/1.1 and a cleared Connection header, too",
            .source = "ngx_http_upstream_keepalive_module; nginx 1.29.7 (CHANGES)",
            .look = look};
}

}  // namespace firstfin::validate
