#include "harness/validate/measure/questions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace firstfin::validate::measure {

namespace {

/// Far enough for a request to be under way when the limit runs out, whatever the scheduler does: TCP itself is exact.
constexpr duration edge_delay = std::chrono::milliseconds(50);

/// Every setting of a policy under its name in experiments.
template <class Policy>
void add_settings(std::string_view side, const Policy& from, cell_settings& into) {
    for (const auto& one : fields_of(from))
        into.emplace_back(fmt::format("{}.{}", side, one.name), one.write(from));
}

std::optional<duration> expected_close(const question& one) {
    const auto server = idle_close_window(one.server);
    const auto client =
        idle_close_window(one.client, std::chrono::ceil<std::chrono::seconds>(one.server.keepalive_hint));
    if (server && client) return std::min(server->latest, client->latest);
    if (server) return server->latest;
    if (client) return client->latest;
    return std::nullopt;
}

std::string why_not(const peer& one) {
    if (one.is_layer4()) return "a balancer on layer 4 sends no FIN of its own: nothing to measure";
    if (one.what.needs_timeout) return "its idle limit is configured: give it as 'idle=30s,...'";
    return {};
}

void add_in(const client_hop& hop, const system_figures& system, questions& into) {
    for (const auto& one : hop.peers) {
        if (const auto why = why_not(one); !why.empty()) {
            into.left.push_back({hop.name, one.id, why});
            continue;
        }
        into.asked.push_back({.hop = hop.name,
                              .peer = one.id,
                              .server = hop.policy,
                              .client = *one.what.client,
                              .ahead = outlook_of(hop, one, system)});
    }
}

void add_out(const upstream_hop& hop, const system_figures& system, questions& into) {
    const auto leave = [&](const std::string& peer, std::string why) {
        into.left.push_back({hop.label(), peer, std::move(why)});
    };
    if (hop.why_not == obstacle::unknown) return leave("", "variables decide where it goes");
    if (!hop.is_http()) return leave("", fmt::format("{} speaks no HTTP/1.1", hop.kind));
    if (hop.backends.empty()) return leave("", "nobody said what is there (--backend)");
    for (const auto& one : hop.backends) {
        if (const auto why = why_not(one); !why.empty()) {
            leave(one.id, why);
            continue;
        }
        question asked{.hop = hop.label(),
                       .inward = false,
                       .peer = one.id,
                       .server = *one.what.server,
                       .client = hop.policy,
                       .ahead = outlook_of(hop, &one, system)};
        asked.client.max_requests = count_limit::unlimited();
        if (hop.proxy_asks_close) asked.what.kind = scenario_kind::connection_close;
        into.asked.push_back(std::move(asked));
    }
}

double scale_for(const std::vector<question>& all, duration wanted) {
    duration longest{};
    for (const auto& one : all)
        longest = std::max(longest, expected_close(one).value_or(duration::zero()));
    return longest > wanted ? seconds_of(wanted) / seconds_of(longest) : 1.0;
}

/// Where idle closes by the server destroy requests.
bool is_dangerous(const question& idle) {
    const bool server_may_be_first =
        idle.ahead.first == model::closer::server || idle.ahead.first == model::closer::undecided;
    return server_may_be_first && !idle.ahead.lost.starts_with("none") && idle.what.kind == scenario_kind::idle;
}

/// One that leaves before the FIN arrives, and arrives after it left. A method is taken that the client does not send
/// again. Nothing when the server has no limit, or one too short for that.
std::optional<question> at_the_edge(const question& idle, double scale) {
    const auto real = idle_close_window(idle.server);
    constexpr auto shortest = 5 * edge_delay;
    if (!real || real->earliest < shortest) return std::nullopt;
    scale = std::max(scale, seconds_of(shortest) / seconds_of(real->earliest));
    auto out = idle;
    out.at_edge = true;
    out.link_delay = edge_delay;
    out.server = scaled(idle.server, scale);
    out.client = scaled(idle.client, scale);
    const auto limit = std::max<duration>(idle_close_window(out.server)->earliest, shortest);
    // One moment: what is under test is a request at that moment, not when the moment is.
    out.server.close_window.reset();
    out.server.keepalive_timeout = limit;
    out.what.kind = scenario_kind::cadence;
    out.what.requests = 2;
    out.what.gap = limit - edge_delay;
    if (idle.client.retry == retry_rule::idempotent) out.what.method = "POST";
    return out;
}

void add_edges(questions& into) {
    const auto idle_ones = into.asked;
    for (const auto& one : idle_ones) {
        if (!is_dangerous(one)) continue;
        if (auto edge = at_the_edge(one, into.time_scale))
            into.asked.push_back(std::move(*edge));
        else
            into.left.push_back({one.hop, one.peer, "a request under way at the limit: the limit is too short for it"});
    }
}

void number_cells(questions& all) {
    std::map<cell_settings, std::size_t> known;
    for (auto& one : all.asked)
        one.cell = known.try_emplace(settings_of(one.server, one.client, one.what, one.link_delay), known.size())
                       .first->second;
    all.cells = known.size();
}

}  // namespace

cell_settings settings_of(const server_policy& server, const client_policy& client, const scenario& what,
                          duration link_delay) {
    cell_settings out;
    add_settings("server", server, out);
    add_settings("client", client, out);
    add_settings("scenario", what, out);
    out.emplace_back("link.delay", to_text(link_delay));
    return out;
}

questions questions_of(const validation& judged, duration wanted) {
    questions out;
    const auto all = nginx_conf::effective(judged.read, judged.asked.version);
    const auto ways = hops_of(all, judged.asked.clients, judged.asked.backends, judged.asked.traffic);
    for (const auto& hop : ways.in)
        add_in(hop, judged.asked.system, out);
    for (const auto& hop : ways.out)
        add_out(hop, judged.asked.system, out);
    out.time_scale = scale_for(out.asked, wanted);
    add_edges(out);
    number_cells(out);
    return out;
}

void leave_edges(questions& from, const std::string& why) {
    for (const auto& one : from.asked)
        if (one.at_edge)
            from.left.push_back({one.hop, one.peer, "a request under way when the limit runs out: " + why});
    std::erase_if(from.asked, [](const question& one) { return one.at_edge; });
}

experiment::experiment experiment_of(const questions& all, part which, std::uint32_t replicates) {
    const std::string where = "validate --measure: ";
    experiment::experiment out;
    const bool edge = which == part::edge;
    out.name = edge ? "edge" : "order";
    out.title = edge ? "What becomes of a request that is under way when the limit runs out?"
                     : "Does the order hold that `firstfin validate` predicts?";
    out.text = "# firstfin validate --measure\n";
    out.replicates = replicates;
    out.time_scale = edge ? 1 : all.time_scale;
    experiment::axis_group rows;
    std::vector<bool> taken(all.cells);
    for (const auto& one : all.asked) {
        if (one.at_edge != edge || taken[one.cell]) continue;
        taken[one.cell] = true;
        const auto settings = settings_of(one.server, one.client, one.what, one.link_delay);
        if (rows.empty())
            for (const auto& [key, value] : settings)
                rows.push_back({key, {}, where});
        for (std::size_t i = 0; i < settings.size(); ++i)
            rows[i].values.push_back(settings[i].second);
    }
    out.sweep = {std::move(rows)};
    return out;
}

}  // namespace firstfin::validate::measure
