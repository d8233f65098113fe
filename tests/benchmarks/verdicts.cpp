#include <benchmark/benchmark.h>

#include "harness/verdict/wire_states.hpp"
#include "tests/harness/store/sample_run.hpp"

// A verdict from a finished timeline, one benchmark a story: orderly, crossed, reset, lost request and the others.

namespace firstfin {
namespace {

void judge_story(benchmark::State& state) {
    const auto what = test::all_stories.at(static_cast<std::size_t>(state.range(0)));
    const auto told = test::tell(what);
    state.SetLabel(std::string(to_text(what)));
    for (auto _ : state)
        benchmark::DoNotOptimize(judge(told));
}
BENCHMARK(judge_story)->DenseRange(0, test::all_stories.size() - 1);

void states_of_segments(benchmark::State& state) {
    const auto told = test::tell(test::story::server_first);
    for (auto _ : state)
        benchmark::DoNotOptimize(states_after_each(told.segments));
}
BENCHMARK(states_of_segments);

}  // namespace
}  // namespace firstfin
