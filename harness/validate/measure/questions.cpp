#include "harness/validate/measure/questions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace firstfin::validate::measure {

namespace {

/// Every setting of a policy under its name in experiments.
template <class Policy>
void add_settings(std::string_view side, const Policy& from, cell_settings& into) {
    for (const auto& one : fields_of(from))
        into.emplace_back(fmt::format("{}.{}", side, one.name), one.write(from));
}

cell_settings settings_of(const question& one) {
    return measure::settings_of(one.server, one.client,
                                one.asks_close ? scenario_kind::connection_close : scenario_kind::idle);
}

class collector {
public:
    explicit collector(questions& into) : out_(into) {}

    void ask(question one) {
        const auto [at, is_new] = cells_.try_emplace(settings_of(one), out_.cells);
        if (is_new) ++out_.cells;
        one.cell = at->second;
        const auto server = idle_close_window(one.server);
        const auto client =
            idle_close_window(one.client, std::chrono::ceil<std::chrono::seconds>(one.server.keepalive_hint));
        auto last = duration::max();
        if (server) last = std::min(last, server->latest);
        if (client) last = std::min(last, client->latest);
        if (last != duration::max()) out_.longest = std::max(out_.longest, last);
        out_.asked.push_back(std::move(one));
    }

    void leave(const std::string& hop, const std::string& peer, std::string why) {
        out_.left.push_back({hop, peer, std::move(why)});
    }

private:
    questions& out_;
    std::map<cell_settings, std::size_t> cells_;
};

std::string why_not(const peer& one) {
    if (one.is_layer4()) return "a balancer on layer 4 sends no FIN of its own: nothing to measure";
    if (one.what.needs_timeout) return "its idle limit is configured: give it as 'idle=30s,...'";
    return {};
}

void add_in(const client_hop& hop, const system_figures& system, collector& into) {
    for (const auto& one : hop.peers) {
        if (const auto why = why_not(one); !why.empty()) {
            into.leave(hop.name, one.id, why);
            continue;
        }
        into.ask({hop.name, true, one.id, hop.policy, *one.what.client, false, outlook_of(hop, one, system).first});
    }
}

void add_out(const upstream_hop& hop, const system_figures& system, collector& into) {
    if (hop.why_not == obstacle::unknown) return into.leave(hop.name, "", "variables decide where it goes");
    if (!hop.is_http()) return into.leave(hop.name, "", fmt::format("{} speaks no HTTP/1.1", hop.kind));
    if (hop.backends.empty()) return into.leave(hop.name, "", "nobody said what is there (--backend)");
    for (const auto& one : hop.backends) {
        if (const auto why = why_not(one); !why.empty()) {
            into.leave(hop.name, one.id, why);
            continue;
        }
        auto client = hop.policy;
        client.max_requests = count_limit::unlimited();
        into.ask({hop.name, false, one.id, *one.what.server, client, hop.proxy_asks_close,
                  outlook_of(hop, &one, system).first});
    }
}

}  // namespace

cell_settings settings_of(const server_policy& server, const client_policy& client, scenario_kind kind) {
    cell_settings out;
    add_settings("server", server, out);
    add_settings("client", client, out);
    out.emplace_back("scenario.kind", to_text(kind));
    return out;
}

questions questions_of(const validation& judged) {
    questions out;
    collector into(out);
    const auto all = nginx_conf::effective(judged.read, judged.asked.version);
    const auto ways = hops_of(all, judged.asked.clients, judged.asked.backends, judged.asked.traffic);
    for (const auto& hop : ways.in)
        add_in(hop, judged.asked.system, into);
    for (const auto& hop : ways.out)
        add_out(hop, judged.asked.system, into);
    return out;
}

experiment::experiment experiment_of(const questions& all, duration wanted, std::uint32_t replicates) {
    const std::string where = "validate --measure: ";
    experiment::experiment out;
    out.name = "validate";
    out.title = "Does the order hold that `firstfin validate` predicts?";
    out.text = "# firstfin validate --measure\n";
    out.replicates = replicates;
    if (all.longest > wanted && wanted > duration::zero())
        out.time_scale = seconds_of(wanted) / seconds_of(all.longest);
    experiment::axis_group rows;
    std::vector<bool> taken(all.cells);
    for (const auto& one : all.asked) {
        if (taken[one.cell]) continue;
        taken[one.cell] = true;
        const auto settings = settings_of(one);
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
