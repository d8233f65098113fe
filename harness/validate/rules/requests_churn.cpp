#include <fmt/format.h>

#include <cmath>

#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

constexpr std::string_view id = "requests-churn";

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in) {
        const auto limit = hop.policy.keepalive_requests;
        if (!hop.keeps() || limit.is_unlimited()) continue;
        if (!hop.rate) {
            into.needs(id, "--rate");
            continue;
        }
        const auto closes = *hop.rate / limit.value;
        if (closes < many_connections) continue;
        const auto directive =
            fmt::format("keepalive_requests {}", static_cast<std::int64_t>(std::ceil(*hop.rate / 1000) * 1000));
        const auto& set = hop.values().keepalive_requests;
        into.found({.rule = std::string(id),
                    .level = severity::warning,
                    .where = decided_at(set, hop),
                    .text = fmt::format(
                        "at {} requests a second and {} on a connection nginx ends {} connections a second, "
                        "and holds about {} in TIME_WAIT, however long keepalive_timeout is",
                        count_in_words(*hop.rate), limit.value, count_in_words(closes), count_in_words(closes * 60)),
                    .advice = directive + ";",
                    .safe_fix = set_to(set, hop.server().where, directive),
                    .hops = {hop.name}});
    }
}

}  // namespace

rule requests_churn() {
    return {
        .id = id,
        .title = "keepalive_requests ends connections faster than idleness does",
        .highest = severity::warning,
        .why =
            "nginx answers the last request that keepalive_requests allows with Connection: close and closes first. "
            "Under load it is this limit, not the timeout, that makes TIME_WAIT: 138,330 requests at the default of "
            "1000 left 137 entries, at 10 they would leave 13,833. The close is announced, so nothing is lost; it "
            "costs handshakes, and memory for request pools is what the limit is for.",
        .mend = "a keepalive_requests so high that fewer than 100 connections end a second",
        .source = "ngx_http_update_location_config, ngx_http_core_module keepalive_requests (100 before 1.19.10)",
        .look = look};
}

}  // namespace firstfin::validate
