#include <fmt/format.h>

#include "harness/validate/outlook.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

void look(const facts& about, complaints& into) {
    for (const auto& hop : about.ways.in) {
        if (!hop.keeps()) continue;
        std::vector<const peer*> lazy;
        for (const auto& one : hop.peers) {
            if (one.what.role != profile_role::client || one.what.client->notices_fin != fin_notice::lazy) continue;
            if (outlook_of(hop, one, about.system).first == model::closer::server) lazy.push_back(&one);
        }
        if (lazy.empty()) continue;
        into.found({.rule = "lazy-client",
                    .level = severity::note,
                    .where = decided_at(hop.values().keepalive_timeout, hop),
                    .text = fmt::format(
                        "nginx closes after {}, and {} notice that only when they use the connection again: "
                        "nginx's side stays in FIN_WAIT_2 until tcp_fin_timeout ({}), the client's in "
                        "CLOSE_WAIT, and nobody holds TIME_WAIT",
                        to_text(hop.policy.keepalive_timeout), in_words(lazy), to_text(about.system.fin_timeout)),
                    .advice = "nothing is lost; count FIN_WAIT_2 apart from TIME_WAIT (sockstat's tw counts both)",
                    .hops = {hop.name},
                    .peers = ids_of(lazy),
                    .confidence = least_confidence(lazy)});
    }
}

}  // namespace

rule lazy_client() {
    return {.id = "lazy-client",
            .title = "clients that do not answer nginx's FIN leave it in FIN_WAIT_2",
            .highest = severity::note,
            .why =
                "Chromium and libcurl look at an idle connection only when the next request wants one. Until then the "
                "server's FIN is acknowledged by the kernel but answered by nobody: the client's socket stands in "
                "CLOSE_WAIT, nginx's end is an orphan in FIN_WAIT_2, which the kernel drops after tcp_fin_timeout. A "
                "keep-alive probe or a request that comes later is answered with a RST.",
            .mend = "none is needed; a keepalive_timeout above the client's limit does not make it close either",
            .source = "chromium net/socket/transport_client_socket_pool.cc; Linux tcp_fin_timeout",
            .look = look};
}

}  // namespace firstfin::validate
