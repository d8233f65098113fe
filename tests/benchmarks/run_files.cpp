#include <benchmark/benchmark.h>

#include "harness/store/run_db.hpp"
#include "tests/harness/store/sample_run.hpp"
#include "tests/support/temporary_folder.hpp"

// Trials a second into run.db, with evidence and timeline: one transaction a trial, and as many in one as come together
// when many cells end at once. The folder is where TMPDIR says.

namespace firstfin::store {
namespace {

void store_trials(benchmark::State& state) {
    const test::temporary_folder folder;
    auto db = run_db::create(folder.path() / "run", test::sample_run(), test::sample_cells());
    const auto cell = test::sample_cells().front().id;
    std::vector<trial_record> batch(static_cast<std::size_t>(state.range(0)),
                                    test::sample_trial(cell, 0, test::story::server_first));
    std::uint32_t number = 0;
    for (auto _ : state) {
        for (auto& trial : batch)
            trial.number = number++;
        if (db.add(batch) != batch.size()) return state.SkipWithError("a trial was not stored");
    }
    state.SetItemsProcessed(number);
}
BENCHMARK(store_trials)->ArgName("together")->Arg(1)->Arg(64)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace firstfin::store
