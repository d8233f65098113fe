#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/validate/lingering_off.hpp"
#include "harness/validate/rule.hpp"

namespace firstfin::validate {

namespace {

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.out) {
        if (hop.kind != "proxy_pass") continue;
        for (const auto& one : hop.places) {
            if (!answers_early(one)) continue;
            const auto& set = one.values().lingering_close;
            into.found(
                {.rule = "rst-early-response",
                 .level = severity::warning,
                 .where = set.where,
                 .text = "a backend that answers before it has read the body (413, 401, a redirect) makes nginx close "
                         "with the rest unread: without lingering that is a RST, and the client may lose the answer",
                 .advice = "lingering_close on;",
                 .safe_fix = change{change::kind::replace, set.where, "lingering_close on"},
                 .hops = {hop.name}});
        }
    }
}

}  // namespace

rule rst_early_response() {
    return {
        .id = "rst-early-response",
        .title = "an early answer to an unbuffered upload is lost to a RST",
        .highest = severity::warning,
        .why =
            "With proxy_request_buffering off the body goes through as it comes. When the upstream answers early nginx "
            "ends the connection after that answer, while the client still sends. lingering_close, on by default, "
            "sends a FIN first and reads on for some seconds; off, the kernel sees unread input at close() and sends a "
            "RST, which makes the client's kernel throw away the answer it has received (5 of 5 runs on 1.22.1).",
        .mend = "lingering_close on, or proxy_request_buffering on",
        .source = "ngx_http_finalize_connection, ngx_http_set_lingering_close; RFC 9112 9.6",
        .look = look};
}

}  // namespace firstfin::validate
