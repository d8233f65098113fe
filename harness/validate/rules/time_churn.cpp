#include <fmt/format.h>

#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

constexpr std::string_view id = "time-churn";

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in) {
        const auto life = hop.policy.keepalive_time;
        if (!hop.keeps() || life.is_never()) continue;
        if (!about.traffic.connections) {
            into.needs(id, "--connections");
            continue;
        }
        const auto connections = static_cast<double>(*about.traffic.connections);
        const auto closes = connections / std::max(seconds_of(life.value()), 0.001);
        if (closes < many_connections) continue;
        const auto& set = hop.values().keepalive_time;
        into.found(
            {.rule = std::string(id),
             .level = severity::warning,
             .where = decided_at(set, hop),
             .text = fmt::format("{} clients whose connections may live {} open {} connections a second, and leave "
                                 "about {} in TIME_WAIT at nginx",
                                 count_in_words(connections), to_text(life), count_in_words(closes),
                                 count_in_words(closes * 60)),
             .advice = "keepalive_time 1h; (the default)",
             .safe_fix = set_to(set, hop.server().where, "keepalive_time 1h"),
             .hops = {hop.name}});
    }
}

}  // namespace

rule time_churn() {
    return {.id = id,
            .title = "keepalive_time ends connections that are in use",
            .highest = severity::warning,
            .why =
                "A request on a connection older than keepalive_time is answered with Connection: close. It spreads "
                "clients over new workers after a reload, and does not cut idle connections. Many clients and a short "
                "time make a steady stream of handshakes, and of TIME_WAIT on nginx's side.",
            .mend = "a longer keepalive_time",
            .source = "ngx_http_update_location_config, ngx_http_core_module keepalive_time (1.19.10)",
            .look = look};
}

}  // namespace firstfin::validate
