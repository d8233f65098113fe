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
        if (!hop.reuses()) continue;
        for (const auto& one : hop.backends) {
            if (one.is_layer4() || one.what.needs_timeout) continue;
            const auto window = idle_close_window(*one.what.server);
            if (!window || hop.policy.idle_timeout.is_never() || hop.policy.idle_timeout.is_zero()) continue;
            const auto ours = hop.policy.idle_timeout.value();
            const auto least = margin(ours, window);
            if (window->earliest <= ours || window->earliest >= ours + least) continue;
            const auto& set = hop.block->keepalive_timeout;
            const auto wanted = std::chrono::floor<std::chrono::seconds>(window->earliest - least);
            const bool possible = wanted >= std::chrono::seconds(1);
            const auto directive = fmt::format("keepalive_timeout {}", as_nginx_time(wanted));
            finding out{
                .rule = "upstream-near-backend",
                .level = severity::warning,
                .where = decided_at(set, hop),
                .text = fmt::format(
                    "nginx keeps idle connections to '{}' for {}, and {} closes them after {}: less than "
                    "{} between them, so a late timer turns the order round",
                    hop.name, to_text(hop.policy.idle_timeout), one.id, to_text(window->earliest), to_text(least)),
                .advice = possible ? directive + "; in the upstream"
                                   : fmt::format("raise the idle limit of {} to {} or more", one.id,
                                                 seconds_up(ours + least)),
                .hops = {hop.name},
                .peers = {one.id},
                .confidence = one.what.confidence};
            if (possible) out.safe_fix = set_to(set, hop.block->where, directive);
            into.found(std::move(out));
        }
    }
}

}  // namespace

rule upstream_near_backend() {
    return {.id = "upstream-near-backend",
            .title = "nginx's pool ends too little before the backend does",
            .highest = severity::warning,
            .why =
                "Two limits that differ by less than five seconds, or by less than the backend's own spread, lie "
                "within the lateness of timers and the way between the machines. Most connections end in the right "
                "order; the rest lose a request.",
            .mend = "five seconds between keepalive_timeout of the upstream and the backend's limit",
            .source = "epoll_wait's timer slack (fs/eventpoll.c); firstfin profiles",
            .look = look};
}

}  // namespace firstfin::validate
