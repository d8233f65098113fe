#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"
#include "harness/validate/upstream_connection.hpp"

namespace firstfin::validate {

namespace {

constexpr std::string_view id = "upstream-requests-churn";

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.out) {
        if (!hop.reuses()) continue;
        if (!hop.rate) {
            into.needs(id, "--rate");
            continue;
        }
        const auto requests = std::max<std::int64_t>(1, hop.block->keepalive_requests.value);
        const auto closes = *hop.rate / static_cast<double>(requests);
        if (closes < many_connections) continue;
        const auto enough = (static_cast<std::int64_t>(*hop.rate / many_connections) / 1000 + 1) * 1000;
        const auto directive = fmt::format("keepalive_requests {}", enough);
        into.found(
            {.rule = std::string(id),
             .level = severity::warning,
             .where = decided_at(hop.block->keepalive_requests, hop),
             .text = fmt::format("at {} requests a second and {} on a connection nginx closes {} connections to '{}' a "
                                 "second, and holds about {} in TIME_WAIT, with a port each",
                                 count_in_words(*hop.rate), requests, count_in_words(closes), hop.name,
                                 count_in_words(closes * 60)),
             .advice = directive + "; in the upstream",
             .safe_fix = set_to(hop.block->keepalive_requests, hop.block->where, directive),
             .hops = {hop.name}});
    }
}

}  // namespace

rule upstream_requests_churn() {
    return {.id = "upstream-requests-churn",
            .title = "the pool's connections end after too few requests",
            .highest = severity::warning,
            .why =
                "keepalive_requests in an upstream ends a connection after that many requests, whatever its age. nginx "
                "is the side that closes, so it holds TIME_WAIT, and on a side that connects each entry blocks a port "
                "towards that address for a minute.",
            .mend = "a higher keepalive_requests in the upstream",
            .source = "ngx_http_upstream_free_keepalive_peer; 100 before 1.19.10",
            .look = look};
}

}  // namespace firstfin::validate
