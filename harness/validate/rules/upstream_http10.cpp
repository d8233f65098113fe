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
        if (hop.why_not != obstacle::http_1_0) continue;
        for (const auto& one : hop.places) {
            const auto& set = one.values().proxy_http_version;
            const auto* written = set.is_default() ? "by default, before 1.29.7" : "as written";
            const auto connection = nginx_conf::connection_to_upstream(one.values(), about.all.version).value_or("");
            const bool is_cleared = connection.empty();
            finding out{
                .rule = "upstream-http10",
                .level = severity::warning,
                .where = obstacle_position(one, hop.block, hop.why_not),
                .text = fmt::format(
                    "the pool of '{}' ({} connections) is never used: requests go out as HTTP/1.0 ({}) "
                    "{}",
                    hop.name, hop.block->keepalive.value, written,
                    is_cleared ? "and do not ask for keep-alive" : fmt::format("with Connection: {}", connection)),
                .advice = is_cleared ? "proxy_http_version 1.1;"
                                     : "proxy_http_version 1.1; and proxy_set_header Connection \"\";",
                .hops = {hop.name}};
            if (is_cleared) out.safe_fix = set_to(set, location_of(one), "proxy_http_version 1.1");
            into.found(std::move(out));
        }
    }
}

}  // namespace

rule upstream_http10() {
    return {.id = "upstream-http10",
            .title = "a pool that HTTP/1.0 leaves empty",
            .highest = severity::warning,
            .why =
                "keepalive in an upstream only makes room for connections. Until 1.29.7 nginx speaks HTTP/1.0 to "
                "upstreams and sends Connection: close, so the backend ends every connection after its response and "
                "the pool stays empty; nothing warns of it.",
            .mend = "proxy_http_version 1.1 and proxy_set_header Connection \"\", both",
            .source = "ngx_http_proxy_module proxy_http_version; ngx_http_proxy_process_status_line",
            .look = look};
}

}  // namespace firstfin::validate
