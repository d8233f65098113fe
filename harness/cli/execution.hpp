#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <vector>

#include "harness/experiment/plan.hpp"
#include "harness/run/runner.hpp"
#include "harness/sandbox/kind.hpp"

namespace firstfin::cli {

/// A program of this project, where this one is. Throws environment_lacks when it is not there.
[[nodiscard]] std::filesystem::path program_beside_us(const std::string& name);

struct execution_options {
    sandbox::kind where{};
    bool resume = false;
    std::size_t trials_per_pair = 0;  ///< run::needs
};

/// Runs the plans, each into its folder, with progress on standard error. `results_are_in` is called when everything is
/// stored, before the stages are torn down.
[[nodiscard]] run::outcome execute(std::vector<experiment::plan> plans,
                                   const std::vector<std::filesystem::path>& folders, const execution_options& options,
                                   const std::function<void()>& results_are_in);

}  // namespace firstfin::cli
