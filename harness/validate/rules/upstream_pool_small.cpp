#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"
#include "harness/validate/upstream_connection.hpp"

namespace firstfin::validate {

namespace {

constexpr std::string_view id = "upstream-pool-small";

void look(const facts& about, complaints& into) {
    const auto& processes = about.all.core.worker_processes.value;
    const auto workers = processes ? static_cast<double>(std::max<std::int64_t>(1, *processes))
                                   : static_cast<double>(about.traffic.workers.value_or(0));
    for (const auto& hop : about.ways.out) {
        if (!hop.reuses()) continue;
        if (!hop.rate) {
            into.needs(id, "--rate");
            continue;
        }
        if (workers < 1) {
            into.needs(id, "--workers (worker_processes is auto)");
            continue;
        }
        const auto busy = *hop.rate * seconds_of(about.traffic.latency) / workers;
        const auto pool = hop.block->keepalive.value;
        if (busy <= static_cast<double>(pool)) continue;
        const auto directive = fmt::format("keepalive {}{}", static_cast<std::int64_t>(busy) + 1,
                                           hop.block->keepalive_local ? " local" : "");
        into.found(
            {.rule = std::string(id),
             .level = severity::warning,
             .where = decided_at(hop.block->keepalive, hop),
             .text = fmt::format(
                 "at {} requests a second of {} each about {} connections of a worker to '{}' are busy, "
                 "and its pool keeps {}: the others are closed by nginx when they fall idle, and opened "
                 "again",
                 count_in_words(*hop.rate), to_text(about.traffic.latency), count_in_words(busy), hop.name, pool),
             .advice = directive + ";",
             .safe_fix = set_to(hop.block->keepalive, hop.block->where, directive),
             .hops = {hop.name}});
    }
}

}  // namespace

rule upstream_pool_small() {
    return {.id = "upstream-pool-small",
            .title = "the pool holds fewer connections than are in use",
            .highest = severity::warning,
            .why =
                "keepalive counts idle connections that one worker keeps, it is no limit on connections. By Little's "
                "law rate times latency of them are busy at a time; when more fall idle than the pool holds, nginx "
                "closes the least recently used at once, and its TIME_WAIT and the handshakes come back.",
            .mend = "keepalive above rate x latency / workers",
            .source = "ngx_http_upstream_free_keepalive_peer (queue of max_cached)",
            .look = look};
}

}  // namespace firstfin::validate
