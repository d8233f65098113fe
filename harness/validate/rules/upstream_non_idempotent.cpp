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
        const auto& set = hop.values().proxy_next_upstream;
        if (!hop.reuses() || hop.kind != "proxy_pass" || !set.value.contains("non_idempotent")) continue;
        into.found({.rule = "upstream-non-idempotent",
                    .level = severity::note,
                    .where = set.where,
                    .text = fmt::format(
                        "a POST to '{}' that meets a dying connection is sent again, though the first may have "
                        "been processed: nothing is lost, but something may happen twice",
                        hop.name),
                    .advice = "keep it only where requests carry their own protection against repetition",
                    .hops = {hop.name}});
    }
}

}  // namespace

rule upstream_non_idempotent() {
    return {.id = "upstream-non-idempotent",
            .title = "POST may be processed twice",
            .highest = severity::note,
            .why =
                "non_idempotent makes nginx repeat POST, LOCK and PATCH, too, when a connection fails. It hides the "
                "race between the pool and the backend, at the price of double processing when the failure came after "
                "the backend had read the request.",
            .mend = "order the idle limits instead",
            .source = "ngx_http_upstream_next; RFC 9110 9.2.2",
            .look = look};
}

}  // namespace firstfin::validate
