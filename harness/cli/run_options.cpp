#include "harness/cli/run_options.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "core/version.hpp"
#include "harness/report/summary.hpp"

namespace firstfin::cli {

namespace fs = std::filesystem;

namespace {

const fs::path default_home = fs::path("results") / "local";

fs::path newest_of(const std::string& name) {
    fs::path newest;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(default_home, none)) {
        const auto candidate = entry.path().filename().string();
        // NAME-YYYYMMDD-HHMMSS: the names sort by time.
        const bool ours = candidate.starts_with(name + "-") && candidate.size() == name.size() + 16;
        if (ours && candidate > newest.filename().string()) newest = entry.path();
    }
    if (newest.empty())
        throw bad_input(
            fmt::format("--resume: no run of '{}' in {}: name its folder with --out", name, default_home.string()));
    return newest;
}

fs::path fresh_folder(const std::string& name) {
    return default_home / fmt::format("{}-{:%Y%m%d-%H%M%S}", name, fmt::localtime(std::time(nullptr)));
}

std::string predicted_text(const experiment::cell& one) {
    return std::string(to_text(one.predicted.first));
}

/// Why no cell that this expectation looks at may run at the plan's time scale; empty: some do, or none ever did.
std::string why_nothing_is_left(const store::expect_record& expect, const experiment::plan& plan) {
    const auto looks_at = [&](const experiment::cell& one) {
        return report::selects(expect.when, {}, experiment::canonical(one.unscaled));
    };
    if (std::ranges::any_of(plan.cells, looks_at)) return {};
    const auto left_out = std::ranges::find_if(plan.left_out, looks_at);
    if (left_out == plan.left_out.end()) return {};
    return fmt::format("left out at time scale {}: {}", plan.what.time_scale, left_out->why_not_scaled);
}

/// Only limits that are moments can tie; overlapping windows are undecided for another reason.
std::optional<duration> tie_margin(const model::prediction& predicted) {
    return predicted.points ? predicted.margin : std::nullopt;
}

}  // namespace

std::vector<experiment::experiment> chosen_experiments(const run_options& options) {
    std::vector<experiment::experiment> out;
    for (const auto& file : options.files)
        out.push_back(experiment::read_experiment(file));
    if (out.empty()) {
        if (options.server.empty() && options.client.empty() && options.set.empty())
            throw bad_input(
                "run what? Name an experiment file, or two sides: firstfin run --server nginx --client firefox");
        out.push_back(experiment::bare_experiment(options.server, options.client));
    }
    for (auto& each : out) {
        if (!options.server.empty()) experiment::override_setting(each, "server.profile=" + options.server);
        if (!options.client.empty()) experiment::override_setting(each, "client.profile=" + options.client);
        for (const auto& text : options.set)
            experiment::override_setting(each, text);
        if (options.time_scale && !each.time_scale_fixed) each.time_scale = *options.time_scale;
        if (options.seed) each.seed = *options.seed;
        if (options.replicates) each.replicates = *options.replicates;
    }
    for (std::size_t one = 0; one < out.size(); ++one)
        for (std::size_t two = one + 1; two < out.size(); ++two)
            if (out[one].name == out[two].name)
                throw bad_input(fmt::format("two experiments are called '{}': run them apart", out[one].name));
    return out;
}

std::vector<fs::path> run_folders(const run_options& options, const std::vector<experiment::experiment>& experiments) {
    std::vector<fs::path> out;
    for (const auto& each : experiments) {
        if (options.out.empty())
            out.push_back(options.resume ? newest_of(each.name) : fresh_folder(each.name));
        else
            out.push_back(experiments.size() == 1 ? fs::path(options.out) : fs::path(options.out) / each.name);
    }
    return out;
}

store::run_record record_of(const experiment::plan& plan, sandbox::kind where) {
    store::run_record out;
    out.name = plan.what.name;
    out.title = plan.what.title;
    out.experiment_text = plan.what.text;
    out.plan_hash = plan.hash;
    out.version = version;
    out.seed = plan.what.seed;
    out.time_scale = plan.what.time_scale;
    out.replicates = plan.what.replicates;
    out.sandbox = to_text(where);
    for (const auto& group : plan.what.sweep)
        for (const auto& one : group)
            out.axes.push_back({one.key, one.values});
    out.expects = plan.what.expects;
    for (auto& one : out.expects)
        if (one.not_shown.empty()) one.not_shown = why_nothing_is_left(one, plan);
    return out;
}

std::vector<store::cell_record> cell_records_of(const experiment::plan& plan) {
    std::vector<store::cell_record> out;
    out.reserve(plan.cells.size());
    for (const auto& one : plan.cells)
        out.push_back({one.id, experiment::canonical(one.unscaled), predicted_text(one), tie_margin(one.predicted),
                       one.predicted.life().value_or(duration{})});
    return out;
}

}  // namespace firstfin::cli
