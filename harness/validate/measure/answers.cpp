#include "harness/validate/measure/answers.hpp"

#include <algorithm>
#include <map>

namespace firstfin::validate::measure {

namespace {

void count(const report::cell_summary& from, answer& into) {
    const auto& counts = from.counts;
    into.trials = counts.valid();
    into.server_first = counts.closer[party::server];
    into.client_first = counts.closer[party::client];
    into.crossed = counts.closer[party::both];
    into.conflicts = counts.conflicts;
    into.invalid = counts.invalid;
    const auto both = counts.time_wait[party::both];
    const auto at_server = counts.time_wait[party::server] + both;
    const auto at_client = counts.time_wait[party::client] + both;
    into.nginx_waits = into.about.inward ? at_server : at_client;
    into.peer_waits = into.about.inward ? at_client : at_server;
    into.requests = counts.requests;
    into.idle_at_close = from.idle_at_close;
}

/// The model's own comparison leaves ties and races open; a prediction of this configuration's is held to it.
std::optional<bool> judged(const answer& one, const report::cell_summary& from) {
    if (one.trials == 0 || from.tie_band || one.about.what.kind != scenario_kind::idle) return std::nullopt;
    if (one.about.ahead.first != model::closer::server && one.about.ahead.first != model::closer::client)
        return std::nullopt;
    const auto wanted = one.about.ahead.first == model::closer::server ? one.server_first : one.client_first;
    return std::uint64_t{wanted} * 100 >= std::uint64_t{one.trials} * 95;
}

}  // namespace

bool answers::all_as_predicted() const {
    return std::ranges::all_of(rows, [](const answer& one) {
        return one.as_predicted != false && one.conflicts == 0 && (one.trials != 0 || !one.why_not.empty());
    });
}

answers answers_of(const questions& asked, const std::vector<experiment::plan>& plans,
                   const std::vector<report::summary>& runs) {
    answers out;
    out.left = asked.left;
    out.time_scale = asked.time_scale;
    std::map<std::string, const report::cell_summary*> measured;
    for (const auto& run : runs)
        for (const auto& one : run.cells)
            measured.emplace(one.cell.id, &one);
    const auto key_of = [](const experiment::cell& one) {
        return settings_of(one.unscaled.server, one.unscaled.client, one.unscaled.scenario,
                           one.unscaled.link_delay.value_or(duration::zero()));
    };
    std::map<cell_settings, const experiment::cell*> planned;
    for (const auto& plan : plans)
        for (const auto* cells : {&plan.cells, &plan.left_out})
            for (const auto& one : *cells)
                planned.emplace(key_of(one), &one);
    for (const auto& one : asked.asked) {
        answer row{.about = one};
        const auto cell = planned.find(settings_of(one.server, one.client, one.what, one.link_delay));
        const auto found = cell == planned.end() ? measured.end() : measured.find(cell->second->id);
        if (found != measured.end()) {
            count(*found->second, row);
            row.as_predicted = judged(row, *found->second);
        } else {
            row.why_not = cell == planned.end() ? "not run" : cell->second->why_not_scaled;
            if (row.why_not.empty()) row.why_not = "not run";
        }
        out.rows.push_back(std::move(row));
    }
    return out;
}

}  // namespace firstfin::validate::measure
