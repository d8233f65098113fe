#include "harness/bench/kept_run.hpp"
#include "harness/cli/command.hpp"
#include "harness/cli/show_bench.hpp"
#include "harness/cli/show_report.hpp"

namespace firstfin::cli {

void add_report(CLI::App& program, chosen_command& chosen) {
    struct options {
        std::string folder;
        std::string format = "text";
    };
    auto given = std::make_shared<options>();
    auto* command = program.add_subcommand("report", "Print a run that is kept on disk");
    command->add_option("DIR", given->folder, "the run's folder")->required();
    command
        ->add_option(
            "--format", given->format,
            "text, csv (a cell a line), json, jsonl (a trial a line, with its timeline); of a benchmark text, csv (a "
            "repetition a line), json, markdown")
        ->check(CLI::IsMember({"text", "csv", "json", "jsonl", "markdown"}));
    command->footer("Example:\n  firstfin report results/local/quickstart-20261122-140000 --format json");
    command->callback([given, &chosen] {
        chosen = [given] {
            if (!bench::is_bench_run(given->folder)) return show_report(given->folder, given->format);
            if (given->format == "jsonl")
                throw bad_input("--format jsonl: a benchmark has no trials; json has every repetition");
            return show_bench(bench::read_kept(given->folder), given->format);
        };
    });
}

}  // namespace firstfin::cli
