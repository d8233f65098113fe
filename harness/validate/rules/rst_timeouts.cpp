#include "harness/validate/rule.hpp"

namespace firstfin::validate {

namespace {

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in) {
        const auto& reset = hop.values().reset_timedout_connection;
        if (!reset.value) continue;
        into.found({.rule = "rst-timeouts",
                    .level = severity::note,
                    .where = reset.where,
                    .text =
                        "connections whose header, body or response times out end with a RST instead of a FIN: no "
                        "TIME_WAIT anywhere, and the client reads ECONNRESET; idle keep-alive connections still end "
                        "with a FIN",
                    .advice = "keep it where slow clients hold memory; it changes nothing for idle connections",
                    .hops = {hop.name}});
    }
}

}  // namespace

rule rst_timeouts() {
    return {
        .id = "rst-timeouts",
        .title = "timeouts within a request end with a RST",
        .highest = severity::note,
        .why =
            "reset_timedout_connection sets SO_LINGER to 0 before nginx closes a connection whose request line, "
            "header, body, discarded body or response ran out of time, and before an answer of 444. The kernel then "
            "sends a RST and forgets the connection: nobody holds TIME_WAIT, and what the client has not read yet is "
            "lost. The end of an idle keep-alive connection is never a RST.",
        .mend = "none is needed; know it when captures show RSTs",
        .source = "ngx_http_free_request, ngx_http_core_module reset_timedout_connection",
        .look = look};
}

}  // namespace firstfin::validate
