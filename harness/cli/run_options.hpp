#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/experiment/plan.hpp"
#include "harness/sandbox/kind.hpp"
#include "harness/store/run_record.hpp"

namespace firstfin::cli {

/// `firstfin run` as given.
struct run_options {
    std::vector<std::string> files;
    std::string server;
    std::string client;
    std::vector<std::string> set;
    std::optional<double> time_scale;
    std::optional<std::uint64_t> seed;
    std::optional<std::uint32_t> replicates;
    std::string out;
    std::string sandbox = "auto";
    bool resume = false;
    bool allow_scale_sensitive = false;
    bool plan_only = false;
    std::string format = "text";
};

/// The experiments that the options name, overrides applied.
[[nodiscard]] std::vector<experiment::experiment> chosen_experiments(const run_options& options);

/// Where the runs go, one folder an experiment: --out, or results/local/NAME-TIME; for --resume without --out the
/// newest of that name.
[[nodiscard]] std::vector<std::filesystem::path> run_folders(const run_options& options,
                                                             const std::vector<experiment::experiment>& experiments);

/// What the store keeps of a plan.
[[nodiscard]] store::run_record record_of(const experiment::plan& plan, sandbox::kind where);
[[nodiscard]] std::vector<store::cell_record> cell_records_of(const experiment::plan& plan);

}  // namespace firstfin::cli
