#include "harness/cli/validate_measure.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <ctime>

#include "core/descriptor_limit.hpp"
#include "harness/cli/execution.hpp"
#include "harness/cli/show_report.hpp"
#include "harness/run/preflight.hpp"
#include "harness/sandbox/user_namespace.hpp"

namespace firstfin::cli {

measuring measure_now(const validate::validation& judged, const measuring_options& options, const catalogue& profiles) {
    namespace asking = validate::measure;
    auto asked = asking::questions_of(judged, options.wanted);
    if (::access("/dev/net/tun", R_OK | W_OK) != 0)
        asking::leave_edges(asked, "it needs /dev/net/tun: see firstfin doctor");
    if (asked.asked.empty())
        throw bad_input(
            "--measure: there is no hop with a peer that can be played: name peers with --client and "
            "--backend");
    std::vector<experiment::plan> plans;
    std::size_t pairs = 0;
    duration longest{};
    for (const auto part : {asking::part::idle, asking::part::edge}) {
        auto what = asking::experiment_of(asked, part, options.replicates);
        if (what.sweep.front().empty()) continue;
        plans.push_back(experiment::make_plan(std::move(what), profiles, experiment::scale_sensitive_cells::leave_out));
        pairs += plans.back().cells.size();
        longest = std::max(longest, plans.back().expected_wall());
    }
    const auto needs = run::needs_of(plans, raise_descriptor_limit(), run::available_memory());
    run::check_needs(needs);
    const auto where = sandbox::choose_sandbox(std::nullopt);
    if (where == sandbox::kind::userns)
        if (const auto ended = sandbox::continue_in_user_namespace()) sandbox::end_like(*ended);
    fmt::print(stderr, "measuring {} cell{}, {} times each: about {:.0f} s\n", pairs, pairs == 1 ? "" : "s",
               options.replicates, seconds_of(longest));
    measuring out;
    out.folder = std::filesystem::path("results") / "local" /
                 fmt::format("validate-{:%Y%m%d-%H%M%S}", fmt::localtime(std::time(nullptr)));
    std::vector<std::filesystem::path> folders;
    for (const auto& each : plans)
        folders.push_back(out.folder / each.what.name);
    out.outcome = execute(plans, folders, {where, false, needs.trials_per_pair},
                          [&] { out.answers = asking::answers_of(asked, plans, summaries_of(folders)); });
    out.answers.sandbox = to_text(where);
    return out;
}

}  // namespace firstfin::cli
