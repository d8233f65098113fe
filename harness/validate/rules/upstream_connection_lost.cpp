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
        if (hop.why_not != obstacle::connection_lost) continue;
        for (const auto& one : hop.places)
            into.found(
                {.rule = "upstream-connection-lost",
                 .level = severity::warning,
                 .where = obstacle_position(one, hop.block, hop.why_not),
                 .text =
                     fmt::format("an outer level clears Connection, but proxy_set_header is inherited as a whole or "
                                 "not at all: this location's own lines bring Connection: close back, and the pool "
                                 "of '{}' stays empty",
                                 hop.name),
                 .advice = "proxy_set_header Connection \"\"; beside the lines of this location",
                 .safe_fix = change{change::kind::insert, one.location->where, "proxy_set_header Connection \"\""},
                 .hops = {hop.name}});
    }
}

}  // namespace

rule upstream_connection_lost() {
    return {
        .id = "upstream-connection-lost",
        .title = "a cleared Connection header comes back by inheritance",
        .highest = severity::warning,
        .why =
            "proxy_set_header lines of an outer level hold only where no line stands nearer. One line for X-Real-IP in "
            "a location undoes all of the server, the empty Connection among them, and before 1.29.7 Connection: close "
            "is the default. Many configurations lose their pool that way long after it was set up.",
        .mend = "repeat proxy_set_header Connection \"\" in the location",
        .source = "ngx_http_proxy_merge_loc_conf; ngx_http_proxy_module proxy_set_header",
        .look = look};
}

}  // namespace firstfin::validate
