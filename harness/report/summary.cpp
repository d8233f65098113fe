#include "harness/report/summary.hpp"

#include <algorithm>

namespace firstfin::report {

namespace {

constexpr std::size_t disputes_kept = 10;

std::optional<party> predicted_closer(const std::string& predicted) {
    if (predicted == "server") return party::server;
    if (predicted == "client") return party::client;
    if (predicted == "nobody") return party::none;
    return std::nullopt;
}

other_connections count_others(const store::run_db& run) {
    other_connections out;
    std::vector<duration> idle;
    run.for_each_other([&](std::size_t, const store::other_connection& one) {
        if (one.used) {
            ++out.used;
            return;
        }
        ++out.never_used;
        out.first_fin.add(one.first_fin);
        if (one.idle_at_close) idle.push_back(*one.idle_at_close);
    });
    out.idle_at_close = spread_of(idle);
    return out;
}

}  // namespace

void trial_counts::add(const verdict& one) {
    ++trials;
    if (!one.invalid.empty()) {
        ++invalid;
        return;
    }
    if (one.conflict.empty()) {
        first_fin.add(one.first_fin);
        closer.add(one.first_fin == party::none ? one.reset : one.first_fin);
    } else {
        ++conflicts;
    }
    time_wait.add(one.time_wait);
    ending.add(one.ending);
    reset.add(one.reset);
    requests.sent += one.requests.sent;
    requests.answered += one.requests.answered;
    requests.stale_reuse += one.requests.stale_reuse;
    requests.true_race += one.requests.true_race;
}

trial_counts& trial_counts::operator+=(const trial_counts& other) {
    trials += other.trials;
    invalid += other.invalid;
    conflicts += other.conflicts;
    first_fin += other.first_fin;
    closer += other.closer;
    time_wait += other.time_wait;
    ending += other.ending;
    reset += other.reset;
    requests.sent += other.requests.sent;
    requests.answered += other.requests.answered;
    requests.stale_reuse += other.requests.stale_reuse;
    requests.true_race += other.requests.true_race;
    return *this;
}

std::optional<spread> spread_of(std::vector<duration>& values) {
    if (values.empty()) return std::nullopt;
    std::ranges::sort(values);
    const auto size = values.size();
    const auto middle = values[size / 2];
    const auto median = size % 2 == 1 ? middle : values[size / 2 - 1] + (middle - values[size / 2 - 1]) / 2;
    const auto rank = (size * 99 + 99) / 100;
    return spread{values.front(), median, values[rank - 1], values.back()};
}

bool cell_summary::differs_from_prediction() const {
    const auto expected = predicted_closer(cell.predicted);
    return expected && !tie_band && counts.valid() != 0 && counts.closer.agreed(counts.valid()) != expected;
}

store::text_pairs summary::params_of(const cell_summary& one) const {
    return store::merged(common, one.cell.params);
}

bool summary::has_findings() const {
    return total.conflicts != 0 || total.invalid != 0 ||
           std::ranges::any_of(expects, [](const expect_result& one) { return !one.met; });
}

bool selects(const store::text_pairs& when, const store::text_pairs& common, const store::text_pairs& own) {
    return std::ranges::all_of(when, [&](const auto& wanted) {
        return std::ranges::find(own, wanted) != own.end() || std::ranges::find(common, wanted) != common.end();
    });
}

summary summarise(const store::run_db& run) {
    summary out;
    out.run = run.run();
    out.end = run.end();
    auto list = run.cells_by_difference();
    out.common = std::move(list.common);
    out.planned_trials = std::uint64_t{list.cells.size()} * out.run.replicates;
    out.cells.reserve(list.cells.size());
    for (auto& cell : list.cells) {
        auto& one = out.cells.emplace_back();
        one.cell = std::move(cell);
        one.tie_band = out.end && one.cell.margin &&
                       std::chrono::duration<double, std::milli>(*one.cell.margin).count() < out.end->resolution_ms;
    }

    // Results come in plan order, so one list of idle times serves all cells.
    std::vector<duration> idle;
    std::vector<duration> ages;
    std::size_t place = 0;
    const auto finish_cell = [&] {
        if (!idle.empty()) out.cells[place].idle_at_close = spread_of(idle);
        if (!ages.empty()) out.cells[place].client_age = spread_of(ages);
        idle.clear();
        ages.clear();
    };
    run.for_each_result([&](const store::trial_result& one) {
        if (one.cell != place) finish_cell();
        place = one.cell;
        auto& cell = out.cells.at(place);
        cell.counts.add(one.verdict);
        if (one.client_age) ages.push_back(*one.client_age);
        if (!one.verdict.invalid.empty()) {
            ++out.invalid_reasons[one.verdict.invalid];
        } else if (!one.verdict.conflict.empty()) {
            if (out.disputes.size() < disputes_kept)
                out.disputes.push_back({cell.cell.id, one.number, one.verdict.conflict});
        } else if (one.verdict.idle_at_close) {
            idle.push_back(*one.verdict.idle_at_close);
        }
    });
    finish_cell();

    for (const auto& cell : out.cells)
        out.total += cell.counts;
    out.others = count_others(run);
    out.expects = evaluate_expectations(run, out);
    return out;
}

}  // namespace firstfin::report
