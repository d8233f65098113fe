#include "harness/model/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace firstfin::model {

namespace {

using maybe_window = std::optional<time_window>;

/// What ends the connection, before its consequences are drawn.
struct end {
    closer who{};
    time_window moment;
    std::string why;
    /// The client notices the server's FIN this long after it was sent; nothing: never.
    std::optional<duration> noticed_after = duration::zero();
};

/// The hint as it reaches the client's pool: whole seconds on the wire, scaled after parsing.
duration advertised(const pair& two) {
    if (two.server.keepalive_hint == duration::zero()) return {};
    return scaled(std::chrono::ceil<std::chrono::seconds>(two.server.keepalive_hint), two.time_scale);
}

/// nginx closes idle connections when it is told to reload or to quit (ngx_close_idle_connections).
maybe_window server_window(const pair& two) {
    auto own = idle_close_window(two.server);
    if (!two.server_told_to_end || (own && own->latest <= two.server_told_to_end->earliest)) return own;
    return two.server_told_to_end;
}

std::string in_words(const time_window& window) {
    return window.earliest == window.latest ? to_text(window.latest) : to_text(window);
}

/// Whose clock starts first, by one crossing of the link: the server's when it sends its last response, the client's
/// when it has the handshake's second segment. Each FIN needs another crossing to stop the other side. So a limit of
/// the side that starts first, longer than the other's by less than two crossings, runs out while the other's FIN is on
/// its way; a shorter one is over before the other's, seen from either end.
enum class clock_ahead { servers, clients };

end race(const maybe_window& server, const maybe_window& client, duration link_delay, clock_ahead ahead,
         prediction& out) {
    // How much later than the other's a limit must run out for the other's FIN to be there in time.
    const auto server_needs = ahead == clock_ahead::servers ? 2 * link_delay : duration::zero();
    const auto client_needs = ahead == clock_ahead::clients ? 2 * link_delay : duration::zero();
    const bool client_is_later = server && client && server->latest + client_needs < client->earliest;
    const bool server_is_later = server && client && client->latest + server_needs < server->earliest;
    if (server && client) {
        const bool moments = server->earliest == server->latest && client->earliest == client->latest;
        const bool cross = link_delay != duration::zero() && !client_is_later && !server_is_later;
        out.points = moments && !cross;
        out.margin = std::max({duration::zero(), server->earliest - client->latest - server_needs,
                               client->earliest - server->latest - client_needs});
    }
    if (!server && !client) return {closer::nobody, {}, "neither side has an idle limit"};
    if (!client || client_is_later)
        return {
            closer::server, *server,
            client
                ? fmt::format("the server's {} runs out before the client's {}", in_words(*server), in_words(*client))
                : fmt::format("the server's {} runs out; the client has no timer of its own", in_words(*server))};
    if (!server || server_is_later)
        return {closer::client, *client,
                server ? fmt::format("the client's {} runs out before the server's {}", in_words(*client),
                                     in_words(*server))
                       : fmt::format("the client's {} runs out; the server has no idle limit", in_words(*client))};
    const bool windows_overlap = server->earliest <= client->latest && client->earliest <= server->latest;
    const bool link_decides = link_delay != duration::zero() && (!windows_overlap || *server == *client);
    return {
        closer::undecided,
        {std::min(server->earliest, client->earliest), std::min(server->latest, client->latest)},
        fmt::format("the server's {} and the client's {} {}", in_words(*server), in_words(*client),
                    link_decides ? fmt::format("are so near that FINs may cross on a link of {}", to_text(link_delay))
                                 : "overlap")};
}

/// nginx's test, which raw bytes are meant to meet: a case-insensitive substring.
bool asks_to_close(const scenario& what) {
    std::string lower;
    std::ranges::transform(what.raw, std::back_inserter(lower),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto header = lower.find("connection:");
    return header != std::string::npos && lower.find("close", header) != std::string::npos;
}

/// The client acts as soon as it has the response. Until the server learns of it, two crossings after its own clock has
/// started, a limit of its own may run out.
end client_at_once(const pair& two, const maybe_window& server, std::string why, prediction& out) {
    const auto learns = 2 * two.link_delay;
    if (two.link_delay == duration::zero() || !server) return {closer::client, {}, std::move(why)};
    if (server->earliest <= learns)
        return {closer::undecided,
                {},
                fmt::format("{}; the server's {} may run out while that is on a link of {}", why, in_words(*server),
                            to_text(two.link_delay))};
    out.margin = server->earliest - learns;
    return {closer::client, {}, std::move(why)};
}

/// After a response that says close: RFC 9112 9.6 tells both sides to close; the server knows first.
/// `acts`: the client was to close or reset after that response anyway.
end after_close_header(const pair& two, std::string why, prediction& out, bool acts = false) {
    const bool client_closes =
        acts || (two.client.on_close_header == close_header_reaction::close && two.scenario.kind != scenario_kind::raw);
    if (two.server.close_style != server_close_style::wait) {
        // The server's FIN is right behind the response, and so is the client's answer to it: near each other the
        // server's arrives first, but a long link keeps their distance while the client already reacts.
        if (client_closes && two.link_delay != duration::zero())
            return {closer::undecided,
                    {},
                    fmt::format("{}; both close at once, and FINs may cross on a link of {}", why,
                                to_text(two.link_delay))};
        if (client_closes && two.programs)
            return {closer::undecided, {}, why + "; both close at once: the quicker program is first"};
        return {closer::server, {}, std::move(why)};
    }
    const time_window patience{two.server.lingering_time, two.server.lingering_time};
    if (client_closes)
        return client_at_once(two, patience, why + "; the server leaves the first FIN to the client", out);
    return {closer::server, patience, why + "; the client waits, so the server gives up waiting"};
}

/// The end of a connection that idles for `gap` between two requests, if it ends there.
std::optional<end> end_in_gap(const pair& two, const maybe_window& server, const maybe_window& client,
                              prediction& out) {
    const time_window gap{std::max(duration::zero(), two.scenario.gap - two.scenario.jitter),
                          two.scenario.gap + two.scenario.jitter};
    prediction ignored;
    auto first = race(server, client, two.link_delay, clock_ahead::servers, ignored);
    if (first.who != closer::nobody && first.moment.latest < gap.earliest) {
        (void)race(server, client, two.link_delay, clock_ahead::servers, out);
        if (two.client.notices_fin == fin_notice::lazy) first.noticed_after = gap.latest - first.moment.earliest;
        return first;
    }
    const auto limit = effective_idle_timeout(two.client, advertised(two));
    if (two.client.mode == close_mode::lazy && limit.value() <= gap.earliest)
        return end{closer::client, gap, "the pool looks at the next request and finds the connection too old"};
    // By the server's clock the next request comes two crossings later.
    const bool in_flight = server && server->earliest <= gap.latest + 2 * two.link_delay;
    const bool may_end = (first.who != closer::nobody && first.moment.earliest <= gap.latest) || in_flight;
    const bool may_be_old = two.client.mode == close_mode::lazy && limit.value() <= gap.latest;
    if (may_end || may_be_old) {
        first.who = closer::undecided;
        first.why = "the next request comes at the moment of an idle limit";
        return first;
    }
    return std::nullopt;
}

end find_end(const pair& two, prediction& out) {
    const auto hint = advertised(two);
    const auto server = server_window(two);
    const auto client = idle_close_window(two.client, hint);
    const auto reply_time = two.server.response_delay + two.server.response_pace;
    const auto& what = two.scenario;
    const auto limit_window = [](time_limit limit) -> maybe_window {
        if (limit.is_never()) return std::nullopt;
        return time_window{limit.value(), limit.value()};
    };

    if (what.kind == scenario_kind::raw) {
        out.quiet_from = reply_time;
        out.requests = 1;
        if (asks_to_close(what)) return after_close_header(two, "the client asked for close", out);
        auto first = race(server, std::nullopt, two.link_delay, clock_ahead::servers, out);
        return first;
    }
    const bool acts_at_once = what.kind == scenario_kind::abort || what.kind == scenario_kind::half_close;
    if (what.requests == 0 && !acts_at_once) {
        const bool own_timer = two.client.mode == close_mode::timer;
        auto first = race(limit_window(two.server.header_timeout),
                          own_timer ? limit_window(two.client.unused_timeout) : std::nullopt, two.link_delay,
                          clock_ahead::clients, out);
        first.why = "never used: " + first.why;
        if (two.client.notices_fin == fin_notice::lazy) first.noticed_after.reset();
        return first;
    }
    const auto requests = what.requests;
    for (std::uint32_t ordinal = 1; ordinal <= requests; ++ordinal) {
        const bool old = !two.server.keepalive_time.is_never() && out.quiet_from > two.server.keepalive_time.value();
        if (what.kind == scenario_kind::abort && what.abort_at == abort_moment::in_flight && ordinal == requests)
            return {closer::client, {}, "the client resets with a request in flight"};
        out.quiet_from += reply_time;
        out.requests = ordinal;
        const bool acts = acts_at_once && ordinal == requests;
        if (two.server.keepalive_timeout.is_zero())
            return after_close_header(two, "the server keeps no connection (keepalive_timeout 0)", out, acts);
        if (two.server.keepalive_requests.reached_by(ordinal))
            return after_close_header(two, "the server's request limit is reached", out, acts);
        if (old) return after_close_header(two, "the connection is older than keepalive_time", out, acts);
        if (what.kind == scenario_kind::connection_close && ordinal == requests)
            return after_close_header(two, "the client asked for close", out);
        if (two.client.max_requests.reached_by(ordinal))
            return client_at_once(two, server, "the client's request limit is reached", out);
        if (client && *client == time_window{} && two.client.mode != close_mode::timer)
            return client_at_once(two, server, "the hint leaves no time to keep the connection", out);
        if (ordinal == requests) break;
        if (auto early = end_in_gap(two, server, client, out)) return *early;
        out.quiet_from += what.gap;
    }
    // Without a request the server's idle clock never starts.
    const auto idle = requests == 0 ? std::nullopt : server;
    if (what.kind == scenario_kind::abort) return client_at_once(two, idle, "the client resets", out);
    if (what.kind == scenario_kind::half_close) return client_at_once(two, idle, "the client closes its half", out);
    auto last = race(server, client, two.link_delay, clock_ahead::servers, out);
    // Nothing touches the pool after the last request, so a lazy client never looks.
    // A timer of its own still ends it later, whatever it noticed.
    if (two.client.notices_fin == fin_notice::lazy) {
        last.noticed_after.reset();
        if (client) last.noticed_after = client->latest - last.moment.earliest;
    }
    return last;
}

void server_first(const pair& two, const end& first, prediction& out) {
    if (two.server.close_style == server_close_style::rst) {
        out.reset = party::server;
        out.ending = ending::reset;
        return;
    }
    out.first_fin = party::server;
    if (!first.noticed_after) {
        out.ending = ending::half_closed;
    } else if (*first.noticed_after > two.fin_timeout) {
        // The orphan in FIN_WAIT_2 is gone by then; the client's late FIN is answered with a RST.
        out.ending = ending::reset;
        out.reset = party::server;
    } else {
        out.ending = ending::orderly;
        out.time_wait = party::server;
    }
}

void client_first(const pair& two, prediction& out) {
    const bool resets = two.client.close_style == client_close_style::rst || two.scenario.kind == scenario_kind::abort;
    if (resets) {
        out.reset = party::client;
        out.ending = ending::reset;
        return;
    }
    out.first_fin = party::client;
    const bool answered = two.server.on_client_fin != client_fin_reaction::ignore;
    out.ending = answered ? ending::orderly : ending::half_closed;
    if (answered) out.time_wait = party::client;
}

}  // namespace

prediction predict(const pair& two) {
    prediction out;
    auto first = find_end(two, out);
    out.first = first.who;
    out.why = std::move(first.why);
    if (first.who != closer::nobody) out.moment = first.moment;
    switch (first.who) {
        case closer::server:
            server_first(two, first, out);
            break;
        case closer::client:
            client_first(two, out);
            break;
        case closer::nobody:
            out.ending = ending::open;
            break;
        case closer::undecided:
            break;
    }
    return out;
}

}  // namespace firstfin::model
