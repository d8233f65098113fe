#include <fmt/format.h>

#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in) {
        const auto limit = hop.policy.keepalive_timeout;
        const auto& hint = hop.values().keepalive_header;
        if (!hop.keeps() || hint.value.count() == 0 || limit >= time_limit(hint.value)) continue;
        const bool inherited = hint.where != hop.values().keepalive_timeout.where;
        const auto fitting = hint_fitting(hop, limit.value());
        const auto directive = fmt::format("keepalive_timeout {} {}", as_nginx_time(limit.value()), fitting.count());
        finding out{
            .rule = "hint-exceeds-limit",
            .level = severity::warning,
            .where = decided_at(hop.values().keepalive_timeout, hop),
            .text = fmt::format("responses say Keep-Alive: timeout={}{}, but nginx closes after {}: clients that "
                                "believe it use connections that are gone",
                                hint.value.count(),
                                inherited ? fmt::format(" (inherited from {})",
                                                        nginx_conf::origin_in_words(hint.where, about.read.files))
                                          : "",
                                to_text(limit)),
            .advice = directive + (fitting.count() == 0 ? "; (no hint fits so short a limit)" : ";"),
            .hops = {hop.name}};
        if (!hop.values().keepalive_timeout.is_default())
            out.safe_fix = change{change::kind::replace, hop.values().keepalive_timeout.where, directive};
        into.found(std::move(out));
    }
}

}  // namespace

rule hint_exceeds_limit() {
    return {
        .id = "hint-exceeds-limit",
        .title = "the advertised timeout is longer than the real one",
        .highest = severity::warning,
        .why =
            "keepalive_timeout takes two values that know nothing of each other: when nginx closes, and what it tells "
            "the client in Keep-Alive: timeout=. They are also inherited each for itself, so a location that shortens "
            "the first still sends the second of its server. Firefox, Node, undici, .NET and Java's "
            "HttpURLConnection follow the header: told a longer time than the truth they leave every idle close to "
            "nginx, and meet it with requests.",
        .mend = "a second value below the first, in the same directive; 0 sends none",
        .source = "ngx_http_core_merge_loc_conf, ngx_http_header_filter; draft-thomson-hybi-http-timeout-03",
        .look = look};
}

}  // namespace firstfin::validate
