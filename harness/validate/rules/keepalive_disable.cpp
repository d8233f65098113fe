#include <fmt/format.h>

#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

constexpr std::string_view id = "keepalive-disable";

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in) {
        const auto& disabled = hop.values().keepalive_disable;
        if (!disabled.value.safari || !hop.keeps() || hop.answered_by_server) continue;
        if (!hop.rate) {
            into.needs(id, "--rate");
            continue;
        }
        into.found(
            {.rule = std::string(id),
             .level = *hop.rate >= many_connections ? severity::warning : severity::note,
             .where = disabled.where,
             .text = fmt::format("Safari on macOS gets Connection: close on every response, of GETs too: up to {} "
                                 "connections a second and {} in TIME_WAIT here, as far as clients are such",
                                 count_in_words(*hop.rate), count_in_words(*hop.rate * 60)),
             .advice = "keepalive_disable msie6; (the fault of Safari that it was for is long mended)",
             .safe_fix = change{change::kind::replace, disabled.where, "keepalive_disable msie6"},
             .hops = {hop.name}});
    }
}

}  // namespace

rule keepalive_disable() {
    return {.id = id,
            .title = "keep-alive is off for Safari",
            .highest = severity::warning,
            .why =
                "keepalive_disable safari makes nginx close after every response to a user agent of Safari on macOS, "
                "whatever the method; msie6, the default, does so for POSTs of MSIE 6 alone. The default changed with "
                "nginx 1.1.18, but old lines live long in configurations.",
            .mend = "keepalive_disable msie6, or none",
            .source = "ngx_http_update_location_config, ngx_http_core_module keepalive_disable",
            .look = look};
}

}  // namespace firstfin::validate
