#include "harness/bench/run/session.hpp"

#include "harness/bench/run/order_of_cases.hpp"

namespace firstfin::bench {

namespace {

trial_order trial_of(const settings& all, const trial_order& common, const bench_case& what, std::uint32_t round) {
    auto out = common;
    out.what = what;
    out.warm_up = all.warm_up;
    out.measured = all.measured;
    out.patience = all.patience;
    out.threads = all.threads;
    out.watch_wire = all.witness == close_witness::wire;
    out.seed = all.seed + round;  // other arrivals in every round
    return out;
}

}  // namespace

duration expected_length(const settings& all) {
    const auto repetitions = static_cast<std::int64_t>(cases_of(all).size() * all.repetitions);
    return repetitions * (all.warm_up + all.measured);
}

void run_session(const settings& all, const trial_order& common, const session_callbacks& told, bench_run& into) {
    for (auto& each : cases_of(all))
        into.cases.push_back({std::move(each), {}});
    into.complete = false;
    session_progress progress;
    progress.wanted = into.cases.size() * all.repetitions;
    for (std::uint32_t round = 0; round < all.repetitions; ++round)
        for (const auto number : order_of_round(into.cases.size(), round, all.seed)) {
            auto& one = into.cases[number];
            progress.now = one.what.name;
            progress.left = static_cast<std::int64_t>(progress.wanted - progress.done) * (all.warm_up + all.measured);
            told.running(progress);
            auto got = run_trial(trial_of(all, common, one.what, round), told.stop_now);
            if (got.interrupted) return;
            got.measured.round = round;
            one.repetitions.push_back(std::move(got.measured));
            ++progress.done;
            into.complete = progress.done == progress.wanted;
            told.finished(into);
        }
}

}  // namespace firstfin::bench
