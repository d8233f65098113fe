#pragma once

#include <functional>

#include "harness/bench/run/settings.hpp"
#include "harness/bench/run/trial.hpp"

namespace firstfin::bench {

/// How far a benchmark is.
struct session_progress {
    std::size_t done = 0;
    std::size_t wanted = 0;
    std::string now;  ///< the case that runs
    duration left{};  ///< expected
};

struct session_callbacks {
    std::function<bool()> stop_now;                        ///< asked every now and then
    std::function<void(const session_progress&)> running;  ///< before each repetition
    std::function<void(const bench_run&)> finished;        ///< after each: `so far`, to be kept
};

/// Runs every case as often as asked, in rounds. `into` has its command, time and environment; the cases are filled in.
/// A repetition that is interrupted is dropped: the ones before it are kept, and `into` is then not complete.
void run_session(const settings& all, const trial_order& common, const session_callbacks& told, bench_run& into);

/// How long the whole takes, start and end of the programs apart.
[[nodiscard]] duration expected_length(const settings& all);

}  // namespace firstfin::bench
