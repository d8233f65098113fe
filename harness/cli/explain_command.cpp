#include <fmt/format.h>
#include <unistd.h>

#include <numeric>

#include "harness/cli/command.hpp"
#include "harness/explain/cell_choice.hpp"
#include "harness/explain/loading.hpp"
#include "harness/report/text_options.hpp"

namespace firstfin::cli {

namespace {

constexpr std::size_t every_cell = static_cast<std::size_t>(-1);
constexpr std::size_t ambiguous_cells_listed = 20;

int explain(const std::string& folder, const std::vector<std::string>& words, const std::string& format) {
    const auto options = report::text_options_for(STDOUT_FILENO);
    const auto wanted = explain::wish_of(words);
    const auto run = store::run_db::open_to_read(folder);
    const auto cells = run.cells_by_difference();
    if (!wanted.names_a_cell() && cells.cells.size() != 1) {
        if (format == "json") {
            fmt::print("{}", explain::list_of_cells_json(run));
            return exit_code::fine;
        }
        std::vector<std::size_t> all(cells.cells.size());
        std::iota(all.begin(), all.end(), std::size_t{0});
        fmt::print("{}", explain::list_of_cells(run, all, every_cell, options));
        fmt::print(stderr, "name a cell to see one of its connections: firstfin explain {} 1\n", folder);
        return exit_code::fine;
    }
    const auto fitting = wanted.names_a_cell() ? explain::fitting_cells(cells, wanted) : std::vector<std::size_t>{0};
    if (fitting.size() > 1) {
        fmt::print(
            stderr, "{}",
            explain::list_of_cells(run, fitting, ambiguous_cells_listed, report::text_options_for(STDERR_FILENO)));
        throw bad_input(fmt::format("{} cells fit: give a number or an id of the list above, or more name=value pairs",
                                    fitting.size()));
    }
    const auto one = explain::explain_trial(run, folder, fitting.front(), wanted.trial);
    fmt::print("{}", format == "json" ? explain::to_json(one) : explain::to_text(one, options));
    const auto& seen = one.trial.verdict;
    return seen.conflict.empty() && seen.invalid.empty() ? exit_code::fine : exit_code::findings;
}

}  // namespace

void add_explain(CLI::App& program, chosen_command& chosen) {
    struct options {
        std::string folder;
        std::vector<std::string> words;
        std::string format = "text";
    };
    auto given = std::make_shared<options>();
    auto* command = program.add_subcommand(
        "explain", "Draw one connection of a run: segments, states, socket tables, and why its verdict is what it is");
    command->add_option("RUN", given->folder, "the run's folder")->required();
    command->add_option(
        "CELL", given->words,
        "which cell, then perhaps which trial: the cell's number in the plan, its id or the beginning of "
        "it, or name=value pairs; without it the cells are listed");
    command->add_option("--format", given->format, "text or json")->check(CLI::IsMember({"text", "json"}));
    command->footer(
        "Without TRIAL: the first trial that shows a conflict, else the first.\n"
        "Examples:\n"
        "  firstfin explain results/local/quickstart-20261122-140000\n"
        "  firstfin explain results/local/quickstart-20261122-140000 3\n"
        "  firstfin explain results/local/quickstart-20261122-140000 3 0 --format json\n"
        "  firstfin explain /tmp/grid server.keepalive_timeout=120s client.idle_timeout=115s\n"
        "Exit code: 0 fine, 1 the connection's witnesses conflict or the trial is invalid, 2 bad input");
    command->callback(
        [given, &chosen] { chosen = [given] { return explain(given->folder, given->words, given->format); }; });
}

}  // namespace firstfin::cli
