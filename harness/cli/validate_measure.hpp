#pragma once

#include <filesystem>

#include "harness/run/runner.hpp"
#include "harness/validate/measure/answers.hpp"

namespace firstfin::cli {

struct measuring {
    validate::measure::answers answers;
    run::outcome outcome;
    std::filesystem::path folder;  ///< of the run
};

struct measuring_options {
    duration wanted = std::chrono::seconds(20);  ///< how long the longest idle close may take
    std::uint32_t replicates = 5;
};

/// Plays what can be played in a sandbox, with progress on standard error; the run is kept below results/local. Without
/// root the process goes on in a user namespace: nothing may have been printed before.
/// Throws bad_input when nothing can be played.
[[nodiscard]] measuring measure_now(const validate::validation& judged, const measuring_options& options,
                                    const catalogue& profiles);

}  // namespace firstfin::cli
