#include "harness/cli/validate_measure.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "core/descriptor_limit.hpp"
#include "harness/cli/execution.hpp"
#include "harness/cli/show_report.hpp"
#include "harness/run/preflight.hpp"
#include "harness/sandbox/user_namespace.hpp"

namespace firstfin::cli {

measuring measure_now(const validate::validation& judged, const measuring_options& options, const catalogue& profiles) {
    namespace asking = validate::measure;
    const auto asked = asking::questions_of(judged);
    if (asked.asked.empty())
        throw bad_input(
            "--measure: there is no hop with a peer that can be played: name peers with --client and "
            "--backend");
    const auto plan = experiment::make_plan(asking::experiment_of(asked, options.wanted, options.replicates), profiles,
                                            experiment::scale_sensitive_cells::leave_out);
    const auto needs = run::needs_of({plan}, raise_descriptor_limit(), run::available_memory());
    run::check_needs(needs);
    const auto where = sandbox::choose_sandbox(std::nullopt);
    if (where == sandbox::kind::userns)
        if (const auto ended = sandbox::continue_in_user_namespace()) sandbox::end_like(*ended);
    fmt::print(stderr, "measuring {} pair{}, {} times each: about {:.0f} s\n", plan.cells.size(),
               plan.cells.size() == 1 ? "" : "s", options.replicates, seconds_of(plan.expected_wall()));
    measuring out;
    out.folder = std::filesystem::path("results") / "local" /
                 fmt::format("validate-{:%Y%m%d-%H%M%S}", fmt::localtime(std::time(nullptr)));
    out.outcome = execute({plan}, {out.folder}, {where, false, needs.trials_per_pair},
                          [&] { out.answers = asking::answers_of(asked, plan, summaries_of({out.folder}).front()); });
    out.answers.sandbox = to_text(where);
    return out;
}

}  // namespace firstfin::cli
