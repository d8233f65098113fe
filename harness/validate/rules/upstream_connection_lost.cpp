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
        for (const auto& one : hop.places) {
            finding out{
                .rule = "upstream-connection-lost",
                .level = severity::warning,
                .where = obstacle_position(one, hop.block, hop.why_not),
                .text = fmt::format("an outer level clears Connection, but proxy_set_header is inherited as a whole or "
                                    "not at all: the lines from here on bring Connection: close back, and the pool of "
                                    "'{}' ({} connections) stays empty",
                                    hop.name, hop.block->keepalive.value),
                .advice = "proxy_set_header Connection \"\"; beside these lines",
                .hops = {hop.name}};
            // Not in a location that inherits those lines: it would lose them.
            if (const auto level = level_of_headers(about.all, one))
                out.safe_fix = change{change::kind::insert, *level, "proxy_set_header Connection \"\""};
            into.found(std::move(out));
        }
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
