#include "harness/cli/execution.hpp"

#include <fmt/format.h>

#include <memory>

#include "core/parse_error.hpp"
#include "harness/cli/environment.hpp"
#include "harness/cli/run_options.hpp"
#include "harness/run/progress.hpp"

namespace firstfin::cli {

namespace {

namespace fs = std::filesystem;

std::unique_ptr<run::job> open_job(experiment::plan plan, const fs::path& folder, const execution_options& options) {
    auto record = record_of(plan, options.where);
    record.environment = describe_environment(options.where, plan);
    if (!options.resume)
        return std::make_unique<run::job>(std::move(plan), folder,
                                          store::run_db::create(folder, record, cell_records_of(plan)),
                                          std::set<std::pair<std::string, std::uint32_t>>{});
    auto db = store::run_db::open_to_resume(folder, record);
    const auto done = db.finished();
    return std::make_unique<run::job>(std::move(plan), folder, std::move(db), done);
}

}  // namespace

fs::path program_beside_us(const std::string& name) {
    const auto candidate = fs::read_symlink("/proc/self/exe").parent_path() / name;
    if (!fs::exists(candidate))
        throw environment_lacks(fmt::format("{} is missing: build or install the whole project", candidate.string()));
    return candidate;
}

run::outcome execute(std::vector<experiment::plan> plans, const std::vector<fs::path>& folders,
                     const execution_options& options, const std::function<void()>& results_are_in) {
    const run::role_programs programs{program_beside_us("firstfin-server"), program_beside_us("firstfin-client"),
                                      options.trials_per_pair};
    std::vector<std::unique_ptr<run::job>> jobs;
    for (std::size_t number = 0; number < plans.size(); ++number)
        jobs.push_back(open_job(std::move(plans[number]), folders[number], options));
    run::terminal_progress progress(stderr);
    return run::run_all(jobs, options.where, programs, progress, results_are_in);
}

}  // namespace firstfin::cli
