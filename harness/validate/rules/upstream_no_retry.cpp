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
        if (!hop.reuses() || hop.kind != "proxy_pass" || !hop.backends.empty() || hop.policy.retry != retry_rule::none)
            continue;
        const auto& set = hop.values().proxy_next_upstream;
        std::string repeated = "proxy_next_upstream error";
        for (const auto& word : set.value)
            if (word != "off") repeated += " " + word;
        into.found(
            {.rule = "upstream-no-retry",
             .level = severity::warning,
             .where = set.where,
             .text = fmt::format("a pooled connection to '{}' that turns out to be dead gives 502 for GETs, too: "
                                 "proxy_next_upstream {} also switches off the repetition on a fresh connection",
                                 hop.name, set.value.contains("off") ? "off" : "without error"),
             .advice = repeated + "; (POST is not repeated by that)",
             .safe_fix = change{change::kind::replace, set.where, repeated},
             .hops = {hop.name}});
    }
}

}  // namespace

rule upstream_no_retry() {
    return {.id = "upstream-no-retry",
            .title = "a dead pooled connection is not retried",
            .highest = severity::warning,
            .why =
                "A connection from the pool may have died since its last use. nginx then takes another one, without "
                "counting it as a try, if proxy_next_upstream contains error. Those who set it to off, or to a list of "
                "status codes, against retry storms, lose that repetition as well.",
            .mend = "error among the words of proxy_next_upstream",
            .source = "ngx_http_upstream_next (u->peer.cached); ngx_http_proxy_module proxy_next_upstream",
            .look = look};
}

}  // namespace firstfin::validate
