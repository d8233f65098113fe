#include <fmt/format.h>

#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

constexpr std::string_view id = "no-keepalive";

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in) {
        if (hop.keeps()) continue;
        if (!hop.rate) {
            into.needs(id, "--rate");
            continue;
        }
        into.found(
            {.rule = std::string(id),
             .level = *hop.rate >= many_connections ? severity::warning : severity::note,
             .where = decided_at(hop.values().keepalive_timeout, hop),
             .text = fmt::format("keepalive_timeout 0: at {} requests a second nginx accepts as many connections, "
                                 "closes each of them first, and holds about {} in TIME_WAIT",
                                 count_in_words(*hop.rate), count_in_words(*hop.rate * 60)),
             .advice = "keepalive_timeout 75s; where clients ask more than once",
             .hops = {hop.name}});
    }
}

}  // namespace

rule no_keepalive() {
    return {
        .id = id,
        .title = "every request on a connection of its own",
        .highest = severity::warning,
        .why =
            "With keepalive_timeout 0 every response says Connection: close and nginx closes behind it. Each request "
            "pays for a handshake (and TLS), and each leaves an entry in TIME_WAIT on nginx's side for 60 s, because "
            "nginx is the first to close. TIME_WAIT costs little memory and no port on the side that listens; the "
            "handshakes cost latency and CPU.",
        .mend = "a keepalive_timeout above 0",
        .source = "ngx_http_update_location_config, ngx_http_finalize_connection; TCP_TIMEWAIT_LEN",
        .look = look};
}

}  // namespace firstfin::validate
