#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/outlook.hpp"
#include "harness/validate/parts.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"
#include "harness/validate/upstream_connection.hpp"

namespace firstfin::validate {

namespace {

void look(const facts& about, complaints& into) {
    const bool part = is_part(about.read);
    for (const auto& hop : about.ways.out) {
        if (hop.why_not != obstacle::implicit || !hop.is_http()) continue;
        if (part && may_be_upstream(hop.places.front().location->pass->value)) continue;
        const bool by_hand = hop.kind == "proxy_pass" && about.all.version < nginx_conf::nginx_version{1, 29, 7};
        const bool many = hop.rate.value_or(0) >= many_connections;
        for (const auto& one : hop.places)
            into.found(
                {.rule = "upstream-implicit",
                 .level = many ? severity::warning : severity::note,
                 .where = one.location->pass->where,
                 .text = fmt::format(
                     "{} is an address: nginx has no pool for it, in any version, and opens {} a second", hop.name,
                     hop.rate ? fmt::format("{} connections", count_in_words(*hop.rate))
                              : std::string("as many connections as it passes requests")),
                 .advice = "name it: upstream app { server " + hop.name + "; keepalive 32; }, and pass to that name" +
                           (by_hand ? "; with proxy_http_version 1.1; and proxy_set_header Connection \"\";" : ""),
                 .hops = {hop.name}});
    }
}

}  // namespace

rule upstream_implicit() {
    return {.id = "upstream-implicit",
            .title = "requests passed to an address never reuse a connection",
            .highest = severity::warning,
            .why =
                "The pool of idle connections belongs to an upstream block. proxy_pass to a host and port makes an "
                "implicit upstream, which has none, whatever proxy_http_version and headers say. Since 1.29.7 such "
                "requests are HTTP/1.1 without a Connection header, and nginx closes first, always: TIME_WAIT and the "
                "ports it blocks are its own.",
            .mend = "an upstream block with keepalive",
            .source = "ngx_http_upstream_keepalive_init_main_conf",
            .look = look};
}

}  // namespace firstfin::validate
