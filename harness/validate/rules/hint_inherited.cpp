#include <fmt/format.h>

#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in) {
        const auto limit = hop.policy.keepalive_timeout;
        const auto& set = hop.values().keepalive_timeout;
        const auto& hint = hop.values().keepalive_header;
        if (!hop.keeps() || hint.value.count() == 0 || limit <= time_limit(hint.value) || hint.where == set.where)
            continue;
        into.found({.rule = "hint-inherited",
                    .level = severity::note,
                    .where = decided_at(set, hop),
                    .text = fmt::format(
                        "nginx closes after {} here, yet still says Keep-Alive: timeout={}, which comes from "
                        "{}: the two values of keepalive_timeout are inherited each for itself",
                        to_text(limit), hint.value.count(), nginx_conf::origin_in_words(hint.where, about.read.files)),
                    .advice = fmt::format("keepalive_timeout {} {}; or 0 as the second value for no hint",
                                          as_nginx_time(limit.value()), hint_below(limit.value()).count()),
                    .hops = {hop.name}});
    }
}

}  // namespace

rule hint_inherited() {
    return {.id = "hint-inherited",
            .title = "the advertised timeout is inherited, the real one is not",
            .highest = severity::note,
            .why =
                "server { keepalive_timeout 75 20; } location { keepalive_timeout 300; } closes after 300 s in that "
                "location, and still tells clients 20: those that follow the header close after 20 s, and the longer "
                "limit serves only those that do not.",
            .mend = "both values in the inner directive",
            .source = "ngx_http_core_merge_loc_conf (two merges)",
            .look = look};
}

}  // namespace firstfin::validate
