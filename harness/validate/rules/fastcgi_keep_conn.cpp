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
        // A pool that nobody wrote down is nobody's intention.
        if (hop.why_not != obstacle::not_asked || hop.block->keepalive.is_default()) continue;
        for (const auto& one : hop.places) {
            const auto& set = one.values().fastcgi_keep_conn;
            into.found(
                {.rule = "fastcgi-keep-conn",
                 .level = severity::warning,
                 .where = one.location->pass->where,
                 .text = fmt::format("the pool of '{}' ({} connections) is never used: without fastcgi_keep_conn the "
                                     "application is told to close after each response",
                                     hop.name, hop.block->keepalive.value),
                 .advice = "fastcgi_keep_conn on;",
                 .safe_fix = set_to(set, location_of(one), "fastcgi_keep_conn on"),
                 .hops = {hop.name}});
        }
    }
}

}  // namespace

rule fastcgi_keep_conn() {
    return {.id = "fastcgi-keep-conn",
            .title = "a pool for FastCGI that nobody asks to keep",
            .highest = severity::warning,
            .why =
                "FastCGI has its own flag for keeping a connection, FCGI_KEEP_CONN, which nginx sends only with "
                "fastcgi_keep_conn on. Without it the application closes, and keepalive in the upstream does nothing.",
            .mend = "fastcgi_keep_conn on (a connection then occupies a worker of php-fpm while it idles)",
            .source = "ngx_http_fastcgi_module fastcgi_keep_conn",
            .look = look};
}

}  // namespace firstfin::validate
