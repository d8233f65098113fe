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
        if (hop.why_not != obstacle::connection_close) continue;
        for (const auto& one : hop.places) {
            const auto where = obstacle_position(one, hop.block, hop.why_not);
            const bool by_default = where == one.location->pass->where;
            finding out{
                .rule = "upstream-connection-close",
                .level = severity::warning,
                .where = where,
                .text = fmt::format("the pool of '{}' ({} connections) is never used: every request says Connection: "
                                    "close{}",
                                    hop.name, hop.block->keepalive.value,
                                    by_default ? ", as nginx does before 1.29.7 unless told otherwise" : ""),
                .advice = "proxy_set_header Connection \"\";",
                .hops = {hop.name}};
            const std::string cleared = "proxy_set_header Connection \"\"";
            if (!by_default)
                out.safe_fix = change{change::kind::replace, where, cleared};
            else if (const auto level = level_of_headers(about.all, one))
                out.safe_fix = change{change::kind::insert, *level, cleared};
            into.found(std::move(out));
        }
    }
}

}  // namespace

rule upstream_connection_close() {
    return {.id = "upstream-connection-close",
            .title = "a pool that Connection: close leaves empty",
            .highest = severity::warning,
            .why =
                "Before 1.29.7 nginx adds Connection: close to every request it passes, with HTTP/1.1 as well. The "
                "backend obeys and closes, so that no connection ever comes into the pool. An empty value removes the "
                "header; HTTP/1.1 then means keep-alive.",
            .mend = "proxy_set_header Connection \"\" where requests are passed",
            .source = "ngx_http_proxy_module (default headers); RFC 9112 9.3",
            .look = look};
}

}  // namespace firstfin::validate
