#include "harness/validate/outlook.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace firstfin::validate {

namespace {

using model::closer;

model::prediction idle_pair(const server_policy& server, const client_policy& client, const system_figures& system) {
    model::pair two;
    two.server = server;
    two.client = client;
    two.programs = true;
    two.fin_timeout = system.fin_timeout;
    return model::predict(two);
}

double entries(double closes_a_second) {
    return closes_a_second * seconds_of(system_figures::time_wait);
}

/// What an idle close by the server destroys: a request that is on its way is lost unless its sender repeats it.
std::string lost_to_idle_close(retry_rule again) {
    switch (again) {
        case retry_rule::none:
            return "any";
        case retry_rule::idempotent:
            return "POST, PATCH";
        case retry_rule::all:
            return "none: sent again";
    }
    return "any";
}

bool never_uses_it_so_late(const client_policy& client, duration hint, const server_policy& server) {
    const auto limit = effective_idle_timeout(client, hint);
    return client.mode == close_mode::lazy && !limit.is_never() && limit < server.keepalive_timeout;
}

outlook layer4_outlook(const peer& between, time_limit nginx_limit, std::string_view nginx_is) {
    outlook out;
    out.lost = "none";
    const auto flow = between.flow_limit();
    if (!nginx_limit.is_never() && nginx_limit < flow) {
        out.why = fmt::format("{} forwards segments and forgets a silent flow after {}; nginx's {} is over before",
                              between.id, to_text(flow), to_text(nginx_limit));
        out.first = nginx_is == "server" ? closer::server : closer::client;
        out.time_wait = out.first;
        out.when = time_window{nginx_limit.value(), nginx_limit.value()};
        return out;
    }
    out.first = closer::nobody;
    out.lost = "any: dropped silently";
    out.why = fmt::format("{} forgets a silent flow after {}, before nginx's {}: no FIN reaches anybody", between.id,
                          to_text(flow), to_text(nginx_limit));
    return out;
}

}  // namespace

duration margin(duration nginx_limit, std::optional<time_window> others) {
    const auto window = others ? others->latest - others->earliest : duration::zero();
    return std::max<duration>({std::chrono::seconds(5), window, nginx_limit / 1000});
}

outlook outlook_of(const client_hop& hop, const peer& client, const system_figures& system) {
    const auto rate = hop.rate;
    if (!hop.keeps()) {
        outlook out;
        out.first = out.time_wait = closer::server;
        out.when = time_window{};
        out.lost = "none";
        out.why = "keepalive_timeout 0: nginx closes after each response";
        if (rate) out.time_wait_least = out.time_wait_most = entries(*rate);
        return out;
    }
    if (client.is_layer4()) return layer4_outlook(client, hop.policy.keepalive_timeout, "server");
    const auto& policy = *client.what.client;
    const auto made = idle_pair(hop.policy, policy, system);
    outlook out;
    out.first = made.first;
    out.when = made.moment;
    out.time_wait = made.time_wait == party::server   ? closer::server
                    : made.time_wait == party::client ? closer::client
                    : made.first == closer::undecided ? closer::undecided
                                                      : closer::nobody;
    out.why = made.why;
    const auto hint = std::chrono::ceil<std::chrono::seconds>(hop.policy.keepalive_hint);
    const bool in_danger = out.first == closer::server || out.first == closer::undecided;
    out.lost =
        !in_danger || never_uses_it_so_late(policy, hint, hop.policy) ? "none" : lost_to_idle_close(policy.retry);
    if (rate && out.time_wait != closer::nobody) {
        // nginx ends every connection at its last request allowed; that is announced, and nginx's TIME_WAIT.
        const auto limit = hop.policy.keepalive_requests;
        const bool nginx_holds = out.time_wait == closer::server;
        out.time_wait_least = nginx_holds && !limit.is_unlimited() ? entries(*rate / limit.value) : 0;
        out.time_wait_most = entries(*rate);
    }
    return out;
}

outlook outlook_of(const upstream_hop& hop, const peer* backend, const system_figures& system) {
    outlook out;
    const auto rate = hop.rate;
    if (hop.why_not == obstacle::unknown) {
        out.first = out.time_wait = closer::undecided;
        out.lost = "unknown";
        out.why = "variables decide where the request goes";
        return out;
    }
    if (!hop.reuses()) {
        // The side that says close and the side that is told so both close at once; without a close header nginx does,
        // because it has no pool to put the connection into.
        out.first = out.time_wait = hop.proxy_asks_close ? closer::undecided : closer::client;
        out.when = time_window{};
        out.lost = "none";
        out.why = hop.proxy_asks_close ? "nginx asks for close, so both sides close after the response: a race"
                                       : "nginx keeps no connection to it, and closes after the response";
        if (hop.kind != "proxy_pass" && hop.kind != "grpc_pass" && hop.kind != "memcached_pass") {
            out.first = out.time_wait = closer::server;
            out.why = "the application ends its response by closing";
        }
        if (rate) {
            out.time_wait_most = entries(*rate);
            out.time_wait_least = hop.proxy_asks_close ? 0 : *out.time_wait_most;
        }
        return out;
    }
    if (backend == nullptr) {
        out.first = out.time_wait = closer::undecided;
        out.lost = "unknown";
        out.why = fmt::format("nginx closes after {}, unless the backend is sooner", to_text(hop.policy.idle_timeout));
        return out;
    }
    if (backend->is_layer4()) return layer4_outlook(*backend, hop.policy.idle_timeout, "client");
    auto policy = hop.policy;
    policy.max_requests = count_limit::unlimited();  // an idle close is asked about; the limit counts in the figures
    const auto made = idle_pair(*backend->what.server, policy, system);
    out.first = made.first;
    out.when = made.moment;
    out.time_wait = made.time_wait == party::server   ? closer::server
                    : made.time_wait == party::client ? closer::client
                    : made.first == closer::undecided ? closer::undecided
                                                      : closer::nobody;
    out.why = made.why;
    const bool in_danger = out.first == closer::server || out.first == closer::undecided;
    out.lost = in_danger ? lost_to_idle_close(policy.retry) : "none";
    if (out.lost == "POST, PATCH") out.lost = "POST, LOCK, PATCH";  // as ngx_http_upstream.c has them
    if (rate) {
        const auto limit = hop.policy.max_requests;
        out.time_wait_least =
            out.time_wait == closer::client && !limit.is_unlimited() ? entries(*rate / limit.value) : 0;
        out.time_wait_most = entries(*rate);
    }
    return out;
}

}  // namespace firstfin::validate
