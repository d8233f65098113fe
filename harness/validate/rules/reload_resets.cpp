#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

constexpr std::string_view id = "reload-resets";
constexpr nginx_conf::nginx_version has_min_timeout{1, 27, 4};

/// Where one line speaks for all: the http block, or the first server of a part.
nginx_conf::position place_for_all(const facts& about) {
    for (const auto& one : about.read.tree)
        if (one.name.text == "http") return one.name.where;
    return about.all.servers.empty() ? nginx_conf::position{} : about.all.servers.front().where;
}

void look(const facts& about, complaints& into) {
    std::vector<std::string> unshielded;
    duration longest{};
    for (const auto& hop : about.ways.in) {
        if (!hop.keeps() || hop.values().keepalive_min_timeout.value.count() != 0) continue;
        unshielded.push_back(hop.name);
        longest = std::max(longest, hop.policy.keepalive_timeout.value());
    }
    if (unshielded.empty()) return;
    if (!about.traffic.reloads_per_hour) return into.needs(id, "--reloads-per-hour");
    if (*about.traffic.reloads_per_hour < 1) return;
    const bool can = about.all.version >= has_min_timeout;
    const auto directive = fmt::format("keepalive_min_timeout {}", as_nginx_time(longest));
    finding out{
        .rule = std::string(id),
        .level = severity::warning,
        .where = place_for_all(about),
        .text = fmt::format("{} reloads an hour each close every idle connection 0.1 s after the signal: requests on "
                            "their way meet a RST, however the limits are ordered",
                            count_in_words(*about.traffic.reloads_per_hour)),
        .advice = can ? directive + ";"
                      : fmt::format("nginx 1.27.4 and later have keepalive_min_timeout, {} has not; reload less "
                                    "often, or drain the balancer's target before",
                                    to_text(about.all.version)),
        .hops = std::move(unshielded)};
    if (can && out.where.is_known()) out.safe_fix = change{change::kind::insert, out.where, directive};
    into.found(std::move(out));
}

}  // namespace

rule reload_resets() {
    return {
        .id = id,
        .title = "reloads close idle connections at once",
        .highest = severity::warning,
        .why =
            "On a reload the old workers are told to quit 100 ms after the new ones have started, and close every idle "
            "keep-alive connection without looking for input: a request that is already in the kernel's buffer is "
            "answered with a RST (11 of 24 forced runs). Where a controller reloads often this is the largest source "
            "of stray errors. keepalive_min_timeout keeps such connections open until they have been idle that long "
            "and answers a request that comes meanwhile with Connection: close.",
        .mend = "keepalive_min_timeout above the idle limit of whoever connects",
        .source = "ngx_close_idle_connections, ngx_http_set_keepalive; nginx 1.27.4 (CHANGES); nginx#437, #456",
        .look = look};
}

}  // namespace firstfin::validate
