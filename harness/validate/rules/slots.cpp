#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

constexpr std::string_view id = "slots";

nginx_conf::position events_of(const nginx_conf::configuration& read) {
    for (const auto& one : read.tree)
        if (one.name.text == "events") return one.name.where;
    return {};
}

void look(const facts& about, complaints& into) {
    const auto& core = about.all.core;
    const auto events = events_of(about.read);
    if (!events.is_known()) return;  // a part of a configuration, which says nothing of workers
    if (!about.traffic.connections) return into.needs(id, "--connections");
    const auto workers = core.worker_processes.value ? std::max<std::int64_t>(1, *core.worker_processes.value)
                                                     : static_cast<std::int64_t>(about.traffic.workers.value_or(0));
    if (workers == 0) return into.needs(id, "--workers (worker_processes is auto)");
    const bool passes = !about.ways.out.empty();
    const auto clients = static_cast<double>(*about.traffic.connections) * (passes ? 2 : 1);
    const auto slots = static_cast<double>(core.worker_connections.value * workers);
    if (clients <= slots * 15 / 16) return;
    const auto enough =
        static_cast<std::int64_t>(std::ceil(clients / static_cast<double>(workers) * 16 / 15 / 1024) * 1024);
    const auto directive = fmt::format("worker_connections {}", enough);
    into.found(
        {.rule = std::string(id),
         .level = severity::warning,
         .where = core.worker_connections.is_default() ? events : core.worker_connections.where,
         .text = fmt::format("{} clients{} need {} of {} connection slots ({} workers x {}): from 15/16 on nginx "
                             "closes idle keep-alive connections, oldest first, whatever keepalive_timeout says",
                             count_in_words(static_cast<double>(*about.traffic.connections)),
                             passes ? ", each with a connection to an upstream," : "", count_in_words(clients),
                             count_in_words(slots), workers, core.worker_connections.value),
         .advice = fmt::format("{}; (and worker_rlimit_nofile above it)", directive),
         .safe_fix = set_to(core.worker_connections, events, directive)});
}

}  // namespace

rule slots() {
    return {
        .id = id,
        .title = "idle connections are closed for want of slots",
        .highest = severity::warning,
        .why =
            "Each worker has worker_connections slots, for clients, upstreams and listening sockets. When a sixteenth "
            "of them is left it closes idle keep-alive connections, an eighth of them at a time, at most 32, oldest "
            "first: a server close at no time that any limit tells, and requests are lost to it as to any other.",
        .mend =
            "more worker_connections (memory: about 0.4 KB each, taken at the start), or a shorter keepalive_timeout",
        .source = "ngx_drain_connections (ngx_connection.c), ahead of exhaustion since 1.19.2",
        .look = look};
}

}  // namespace firstfin::validate
