#include <fmt/format.h>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

void complain(const client_hop& hop, const std::vector<const peer*>& peers, severity level, std::string_view then,
              complaints& into) {
    if (peers.empty()) return;
    into.found({.rule = "server-before-client",
                .level = level,
                .where = decided_at(hop.values().keepalive_timeout, hop),
                .text = fmt::format(
                    "nginx closes idle connections after {}, before {}: a request that leaves at that moment fails, {}",
                    to_text(hop.policy.keepalive_timeout), in_words(peers), then),
                .advice =
                    "give the client an idle limit below nginx's, or let it retry; a longer keepalive_timeout makes "
                    "it rarer",
                .hops = {hop.name},
                .peers = ids_of(peers),
                .confidence = least_confidence(peers)});
}

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in) {
        if (!hop.keeps()) continue;
        std::vector<const peer*> without_retry;
        std::vector<const peer*> with_some;
        std::vector<const peer*> unknown;
        for (const auto& one : hop.peers) {
            if (one.what.role != profile_role::client) continue;
            const auto ahead = outlook_of(hop, one, about.system);
            if (ahead.first != model::closer::server || ahead.lost.starts_with("none")) continue;
            auto& into_list = !one.what.retry_is_known                     ? unknown
                              : one.what.client->retry == retry_rule::none ? without_retry
                                                                           : with_some;
            into_list.push_back(&one);
        }
        complain(hop, without_retry, severity::warning, "and the client sends none again", into);
        if (!with_some.empty())
            complain(hop, with_some, severity::note, "and the client sends only idempotent ones again", into);
        else
            complain(hop, unknown, severity::note, "unless the client sends it again, which nobody has checked", into);
    }
}

}  // namespace

rule server_before_client() {
    return {
        .id = "server-before-client",
        .title = "nginx closes first, on clients that do not repeat what fails",
        .highest = severity::warning,
        .why =
            "A client library with a pool and no idle limit, or one longer than nginx's, leaves every idle close to "
            "nginx. It usually sees the FIN before it uses the connection again, but a request written in the moment "
            "of the close is answered with a RST. A browser repeats such a request; many libraries do not, or only "
            "idempotent ones (RFC 9110 9.2.2), and hand ECONNRESET or an empty reply to the application.",
        .mend = "an idle limit in the client, below keepalive_timeout, or a retry",
        .source = "RFC 9110 9.2.2, RFC 9112 9.5; each client's source (firstfin profiles)",
        .look = look};
}

}  // namespace firstfin::validate
