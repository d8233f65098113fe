#include "harness/experiment/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/role_protocol.hpp"
#include "harness/experiment/fingerprint.hpp"
#include "harness/experiment/sweep.hpp"

namespace firstfin::experiment {

namespace {

std::uint64_t splitmix(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15ULL;
    auto z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

double share(std::uint64_t bits) {
    return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

model::prediction predict_cell(const settings& value, double time_scale) {
    model::pair two{value.server, value.client, value.scenario, time_scale};
    two.link_delay = value.link_delay.value_or(duration::zero());
    // nginx starts its new workers before it tells the old ones (a tenth of a second), and a loaded machine takes its
    // time.
    two.programs = has_program(value);
    if (value.action)
        two.server_told_to_end = time_window{value.action.after, value.action.after + std::chrono::milliseconds(250)};
    const auto knob = value.server_sysctls.find("net.ipv4.tcp_fin_timeout");
    if (knob != value.server_sysctls.end())
        if (const auto seconds = parse_whole_number(knob->second)) two.fin_timeout = std::chrono::seconds(*seconds);
    return model::predict(two);
}

bool same_ending(const model::prediction& left, const model::prediction& right) {
    return left.first == right.first && left.first_fin == right.first_fin && left.time_wait == right.time_wait &&
           left.reset == right.reset && left.ending == right.ending && left.requests == right.requests;
}

settings scale_settings(settings value, double factor) {
    value.server = scaled(value.server, factor);
    value.client = scaled(value.client, factor);
    value.scenario = scaled(value.scenario, factor);
    return value;
}

/// Not left out like a cell of another ending: nothing here can change the times in that file at any price.
[[noreturn]] void refuse_scale(const std::vector<assignment>& assignments, double time_scale) {
    const auto config = std::ranges::find(assignments, nginx_key::config, &assignment::key);
    throw bad_input(
        fmt::format("{}{}: an nginx configuration keeps its own times, so the time scale must be 1, not {}: run it "
                    "without --time-scale; `time_scale_fixed = true` under [run] keeps the scale of this file alone",
                    config->where, nginx_key::config, time_scale));
}

cell make_cell(const std::vector<assignment>& assignments, const catalogue& profiles, const experiment& what) {
    const auto time_scale = what.time_scale;
    cell out;
    out.unscaled = resolve(assignments, profiles, what.folder);
    fingerprint id;
    for_each_canonical(out.unscaled, [&](std::string_view name, const std::string& text) {
        if (name == nginx_key::config) return;
        id.add(name);
        id.add(text);
    });
    out.id = id.hex();
    if (out.unscaled.nginx && time_scale != 1) refuse_scale(assignments, time_scale);
    out.never_scaled = has_program(out.unscaled) && time_scale != 1;
    out.scaled = scale_settings(out.unscaled, time_scale);
    out.predicted = predict_cell(out.scaled, time_scale);
    return out;
}

duration link_delay_of(const cell& one) {
    return one.unscaled.link_delay.value_or(duration::zero());
}

/// Kernel constants do not scale: what depends on them would be another experiment (design: time_scale).
std::string why_not_scaled(const cell& one, const experiment& what) {
    if (what.time_scale == 1) return {};
    if (one.never_scaled) return "an external program keeps its own times";
    if (what.follow_tables) return "it times TIME_WAIT or FIN_WAIT_2, which no scale reaches";
    if (same_ending(one.predicted, predict_cell(one.unscaled, 1))) return {};
    return "its ending changes with the time scale";
}

/// nginx closes idle connections early when fewer than a sixteenth are free (ngx_drain_connections): who closes first
/// would then be a matter of crowding.
void check_connections(const stage_key& stage, const plan& of, std::uint32_t replicates) {
    if (!stage.nginx) return;
    const auto here = std::ranges::count_if(of.cells, [&](const cell& one) { return of.stages[one.stage] == stage; });
    const auto trials = static_cast<std::uint64_t>(here) * replicates;
    const auto room = stage.nginx->connections / 16 * 15;
    if (trials + stage.nginx->listens + 1 <= room) return;
    throw bad_input(fmt::format(
        "{}: {} trials run at once, and nginx keeps only {} connections before it closes idle ones early: raise "
        "worker_connections, or run fewer replicates",
        stage.nginx->file, trials, room));
}

}  // namespace

draws draw(std::uint64_t seed, const std::string& cell_id, std::uint32_t number) {
    fingerprint mix;
    mix.add(cell_id);
    std::uint64_t state = mix.value() ^ (seed * 0x9e3779b97f4a7c15ULL) ^ (std::uint64_t{number} << 32 | number);
    draws out;
    out.client_window = share(splitmix(state));
    out.server_window = share(splitmix(state));
    out.jitter_seed = splitmix(state) >> 1;  // stays exact in every JSON reader's signed integer
    return out;
}

duration observed_for(const cell& one, duration observe) {
    // The model counts from the handshake's end and lets segments arrive at once: a round trip for the handshake, one a
    // request and one for the FINs are missing.
    const auto on_the_way = 2 * link_delay_of(one) * (one.predicted.requests + 2);
    return one.predicted.life().value_or(one.predicted.quiet_from) + observe + on_the_way;
}

duration plan::longest_cell() const {
    duration longest{};
    for (const auto& one : cells)
        longest = std::max(longest, one.predicted.life().value_or(duration{}));
    return longest;
}

duration plan::expected_wall() const {
    duration longest{};
    for (const auto& one : cells) {
        // Only what stays half closed or open is watched on; whoever closes first, both ends are soon gone.
        const bool lingers =
            what.follow_tables || one.predicted.ending == ending::half_closed || one.predicted.ending == ending::open;
        longest =
            std::max(longest, lingers ? observed_for(one, what.observe) : one.predicted.life().value_or(duration{}));
    }
    // A long link makes handshakes last, and only so many of them are under way at once.
    duration starting{};
    for (std::uint32_t stage = 0; stage < stages.size(); ++stage) {
        const auto shared = std::ranges::count(cells, stage, &cell::stage) * std::int64_t{what.replicates};
        const auto rounds = shared / role::client_order{}.handshakes_in_flight;
        starting = std::max(starting, 2 * stages[stage].link_delay * rounds);
    }
    return longest + starting;
}

plan make_plan(experiment what, const catalogue& profiles, scale_sensitive_cells policy) {
    plan out;
    std::set<std::string> seen;
    std::map<stage_key, std::uint32_t> stages;
    fingerprint all;
    for (const auto& combination : combinations(what.sweep)) {
        auto assignments = what.base;
        for (const auto& one : combination) {
            std::erase_if(assignments, [&](const auto& each) { return each.key == one.key; });
            assignments.push_back(one);
        }
        auto made = make_cell(assignments, profiles, what);
        if (!seen.insert(made.id).second)
            throw bad_input(fmt::format("{}two combinations of the sweep give the same cell",
                                        combination.empty() ? "" : combination.front().where));
        all.add(made.id);
        made.why_not_scaled = why_not_scaled(made, what);
        if (made.never_scaled || (!made.why_not_scaled.empty() && policy == scale_sensitive_cells::leave_out)) {
            out.left_out.push_back(std::move(made));
            continue;
        }
        const stage_key key{made.unscaled.family,         link_delay_of(made),
                            made.unscaled.server_sysctls, made.unscaled.client_sysctls,
                            made.unscaled.nginx,          made.unscaled.server_program,
                            made.unscaled.action,         made.unscaled.client_program.id};
        made.stage = stages.try_emplace(key, static_cast<std::uint32_t>(stages.size())).first->second;
        out.cells.push_back(std::move(made));
    }
    out.stages.resize(stages.size());
    for (const auto& [key, number] : stages)
        out.stages[number] = key;
    for (const auto& one : out.stages)
        check_connections(one, out, what.replicates);
    all.add(std::to_string(what.replicates));
    out.hash = all.hex();
    out.what = std::move(what);
    return out;
}

}  // namespace firstfin::experiment
