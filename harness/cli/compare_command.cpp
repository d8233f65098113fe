#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "harness/bench/comparison.hpp"
#include "harness/bench/kept_run.hpp"
#include "harness/cli/command.hpp"
#include "harness/report/text_options.hpp"

namespace firstfin::cli {

void add_compare(CLI::App& program, chosen_command& chosen) {
    struct options {
        std::string before;
        std::string after;
        std::string format = "text";
    };
    auto given = std::make_shared<options>();
    auto* command = program.add_subcommand("compare", "Compare two benchmarks: what differs, and whether it is noise");
    command->add_option("BEFORE", given->before, "the folder of a `firstfin bench`")->required();
    command->add_option("AFTER", given->after, "the folder of another")->required();
    command->add_option("--format", given->format, "text or json")->check(CLI::IsMember({"text", "json"}));
    command->footer(
        "Example:\n  firstfin compare results/local/bench-20261123-090000 results/local/bench-20261123-100000\n"
        "Exit code: 0 fine, 2 bad input");
    command->callback([given, &chosen] {
        chosen = [given] {
            const auto before = bench::read_kept(given->before);
            const auto compared = bench::compare(before, bench::read_kept(given->after));
            fmt::print("{}", given->format == "json"
                                 ? bench::to_json(compared) + "\n"
                                 : bench::as_text(compared, report::text_options_for(STDOUT_FILENO).width));
            std::fflush(stdout);
            return exit_code::fine;
        };
    });
}

}  // namespace firstfin::cli
