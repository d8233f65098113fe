#include <fmt/format.h>

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>

#include "core/descriptor_limit.hpp"
#include "harness/cli/command.hpp"
#include "harness/cli/execution.hpp"
#include "harness/cli/run_options.hpp"
#include "harness/cli/show_report.hpp"
#include "harness/report/claims.hpp"
#include "harness/report/terminal_text.hpp"
#include "harness/report/text_options.hpp"
#include "harness/run/preflight.hpp"
#include "harness/sandbox/user_namespace.hpp"

namespace firstfin::cli {

namespace {

namespace fs = std::filesystem;

std::vector<experiment::plan> make_plans(const run_options& options) {
    const auto profiles = catalogue::load_installed();
    const auto policy = options.allow_scale_sensitive ? experiment::scale_sensitive_cells::allow
                                                      : experiment::scale_sensitive_cells::leave_out;
    std::vector<experiment::plan> plans;
    for (auto& each : chosen_experiments(options))
        plans.push_back(experiment::make_plan(std::move(each), profiles, policy));
    return plans;
}

/// An experiment of which nothing may run at this time scale.
struct left_out {
    std::string name;
    std::vector<store::expect_record> expects;
    std::string why;
    bool can_be_allowed = true;  ///< by --allow-scale-sensitive
};

/// Takes the plans without cells out of `plans`; throws when none is left.
std::vector<left_out> take_empty(std::vector<experiment::plan>& plans) {
    std::vector<left_out> out;
    for (const auto& each : plans)
        if (each.cells.empty())
            out.push_back({each.what.name, each.what.expects,
                           fmt::format("left out at time scale {}: {}", each.what.time_scale,
                                       each.left_out.front().why_not_scaled),
                           !each.left_out.front().never_scaled});
    std::erase_if(plans, [](const auto& each) { return each.cells.empty(); });
    if (plans.empty())
        throw bad_input(fmt::format("{}: {}; run it at scale 1{}", out.front().name, out.front().why,
                                    out.front().can_be_allowed ? ", or add --allow-scale-sensitive" : ""));
    return out;
}

void show_plan(const experiment::plan& plan, std::uint64_t memory) {
    fmt::print(stderr, "{}: {} cells x {} = {} trials in {} stage{}; longest cell {:.1f} s, done in about {:.1f} s{}\n",
               plan.what.name, plan.cells.size(), plan.what.replicates, plan.trials(), plan.stages.size(),
               plan.stages.size() == 1 ? "" : "s", seconds_of(plan.longest_cell()),
               seconds_of(run::expected_wall(plan, memory)),
               plan.what.time_scale == 1 ? "" : fmt::format("; SCALED: time x {}", plan.what.time_scale));
    if (!plan.left_out.empty())
        fmt::print(stderr, "  left out: {} cells, because {}{}\n", plan.left_out.size(),
                   plan.left_out.front().why_not_scaled,
                   plan.left_out.front().never_scaled ? "" : " (--allow-scale-sensitive runs them)");
}

void show_programs(const experiment::plan& plan, std::uint64_t memory) {
    for (const auto& one : run::waves_of(plan, memory))
        fmt::print(stderr, "  {}: {} processes, {} at once{}\n", one.name, one.trials, one.at_once,
                   one.spacing == duration::zero() ? "" : fmt::format(", a start every {}", to_text(one.spacing)));
}

/// What plays the server where an nginx configuration does.
void show_nginx(const experiment::plan& plan) {
    for (const auto& stage : plan.stages) {
        if (!stage.nginx) continue;
        fmt::print(stderr, "  {}: nginx {} on {}{}\n", report::shown(stage.nginx->typed),
                   nginx_conf::to_text(stage.nginx->version), stage.nginx->listen,
                   stage.nginx->listens == 1 ? "" : fmt::format(", of {} listening sockets", stage.nginx->listens));
        for (const auto& each : stage.nginx->notes)
            fmt::print(stderr, "  {}\n", report::shown(each));
    }
}

void show_needs(const run::needs& what) {
    fmt::print(stderr,
               "  uses up to {} MB of memory ({} MB available), {} open files in a process, {} process pair{}\n",
               what.memory / 1'000'000, what.memory_available / 1'000'000, what.descriptors, what.process_pairs,
               what.process_pairs == 1 ? "" : "s");
}

/// One of several experiments that this sandbox cannot hold is left out, and says why; alone, it is refused.
void take_impossible(std::vector<experiment::plan>& plans, sandbox::kind where, std::vector<left_out>& empty) {
    const auto check = [where](const experiment::plan& each) {
        if (where == sandbox::kind::loopback)
            run::check_loopback({each}, run::this_network());
        else
            run::check_links(each);
        run::check_programs(each);
    };
    if (plans.size() == 1) return check(plans.front());
    std::erase_if(plans, [&](const experiment::plan& each) {
        try {
            check(each);
            return false;
        } catch (const bad_input& refused) {
            empty.push_back({each.what.name, each.what.expects, refused.what(), false});
        } catch (const environment_lacks& refused) {
            empty.push_back({each.what.name, each.what.expects, refused.what(), false});
        }
        fmt::print(stderr, "left out: {}\n", empty.back().why);
        return true;
    });
    if (plans.empty()) throw environment_lacks("none of these experiments can run here");
}

std::vector<fs::path> folders_of(const std::vector<experiment::plan>& plans, const run_options& options) {
    std::vector<experiment::experiment> experiments;
    for (const auto& each : plans)
        experiments.push_back(each.what);
    return run_folders(options, experiments);
}

/// The last thing printed: what all these experiments say about the claims they check.
void show_claims(const std::vector<fs::path>& folders, const std::vector<left_out>& empty) {
    auto rows = report::claims_of(summaries_of(folders));
    for (const auto& each : empty)
        report::add_left_out(rows, each.name, each.expects, each.why);
    if (!rows.empty()) fmt::print("\n{}", report::claims_as_text(rows, report::text_options_for(STDOUT_FILENO).width));
    std::fflush(stdout);
}

std::optional<sandbox::kind> asked_sandbox(const run_options& options) {
    if (options.sandbox == "auto") return std::nullopt;
    return parse_enum<sandbox::kind>(options.sandbox).value();
}

int run_chosen(const run_options& options) {
    auto plans = make_plans(options);
    auto empty = take_empty(plans);
    const auto needs = run::needs_of(plans, raise_descriptor_limit(), run::available_memory());
    const auto memory = run::memory_for_programs();
    for (const auto& each : plans) {
        show_plan(each, memory);
        show_programs(each, memory);
        show_nginx(each);
    }
    for (const auto& each : empty)
        fmt::print(stderr, "{}: {}{}\n", each.name, each.why,
                   each.can_be_allowed ? " (--allow-scale-sensitive runs it)" : "");
    show_needs(needs);
    if (options.plan_only) return exit_code::fine;
    run::check_needs(needs);
    const auto where = sandbox::choose_sandbox(asked_sandbox(options));
    if (where == sandbox::kind::userns)
        // From here on in a child that is root of namespaces of its own; this process waits for it.
        if (const auto ended = sandbox::continue_in_user_namespace()) sandbox::end_like(*ended);
    take_impossible(plans, where, empty);
    const auto folders = folders_of(plans, options);
    if (where == sandbox::kind::loopback)
        run::check_loopback(plans, run::this_network());
    else
        for (const auto& each : plans)
            run::check_sysctls(each);

    int worst = exit_code::fine;
    const auto outcome = execute(std::move(plans), folders, {where, options.resume, needs.trials_per_pair}, [&] {
        for (const auto& folder : folders)
            worst = std::max(worst, show_report(folder, options.format));
        if (options.format == "text") show_claims(folders, empty);
    });
    for (const auto& folder : folders)
        fmt::print(stderr, "kept in {}; again: firstfin report {}\n", folder.string(), folder.string());
    if (!outcome.stopped_by.empty())
        throw environment_lacks(
            fmt::format("stopped: {}. What had finished is kept; make room, then run again with --resume --out {}",
                        outcome.stopped_by, folders.front().string()));
    if (outcome.interrupted) {
        fmt::print(stderr, "interrupted; the rest: the same command with --resume --out {}\n",
                   options.out.empty() ? folders.front().string() : options.out);
        return exit_code::interrupted;
    }
    return worst;
}

}  // namespace

void add_run(CLI::App& program, chosen_command& chosen) {
    auto given = std::make_shared<run_options>();
    auto* command =
        program.add_subcommand("run", "Run experiments: every combination at once, a verdict for every connection");
    command->add_option("FILE", given->files, "experiment files (TOML); several run at once, each its own run");
    command->add_option("--server", given->server, "server profile, such as nginx (experiments/profiles/)");
    command->add_option("--client", given->client, "client profile, such as firefox or aws-alb");
    command
        ->add_option("--set", given->set, "key=value over the file, such as server.keepalive_timeout=120s; repeatable")
        ->take_all();
    command
        ->add_option(
            "--time-scale", given->time_scale,
            "multiply idle limits, windows and gaps; results are labelled. Files with `time_scale_fixed` keep theirs")
        ->check(CLI::Range(0.0001, 1000.0));
    command->add_option("--seed", given->seed, "another seed, other draws");
    command->add_option("--replicates", given->replicates, "trials a cell")->check(CLI::Range(1, 1000000));
    command->add_option("--out", given->out, "folder of the run (default: results/local/NAME-TIME)");
    command
        ->add_option("--sandbox", given->sandbox,
                     "where the connections live: netns (as root), userns (the same without root), loopback (127.x "
                     "addresses of this host: no capture, so two witnesses, and no sysctls); auto (the default) takes "
                     "the first of netns and userns that works")
        ->check(CLI::IsMember({"auto", "netns", "userns", "loopback"}));
    command->add_flag("--resume", given->resume, "run what is missing in an interrupted run");
    command->add_flag("--allow-scale-sensitive", given->allow_scale_sensitive,
                      "also cells whose ending changes with the time scale");
    command->add_flag("--plan", given->plan_only, "show the plan and stop");
    command->add_option("--format", given->format, "what to print at the end")
        ->check(CLI::IsMember({"text", "csv", "json", "jsonl"}));
    command->footer(
        "Examples:\n"
        "  firstfin run experiments/quickstart.toml\n"
        "  firstfin run --server nginx --client firefox --set server.keepalive_timeout=120s --replicates 20\n"
        "  firstfin run experiments/grid.toml --time-scale 0.1 --out /tmp/grid\n"
        "  firstfin run experiments/grid.toml --resume --out /tmp/grid\n"
        "  firstfin run experiments/quickstart.toml --set link.delay=20ms\n"
        "  firstfin run experiments/quickstart.toml --sandbox loopback\n"
        "  firstfin run experiments/nginx-conf.toml\n"
        "      [server] config = \"nginx.conf\": firstfin-server serves that file as nginx would, on the first plain\n"
        "      HTTP socket in it\n"
        "Exit code: 0 fine, 1 a conflict, an invalid trial or a missed expectation, 2 bad input, 3 the machine lacks "
        "something, 4 interrupted");
    command->callback([given, &chosen] { chosen = [given] { return run_chosen(*given); }; });
}

}  // namespace firstfin::cli
