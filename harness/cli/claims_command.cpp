#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "harness/cli/command.hpp"
#include "harness/cli/show_report.hpp"
#include "harness/report/claims.hpp"
#include "harness/report/text_options.hpp"

namespace firstfin::cli {

namespace {

struct claims_options {
    std::vector<std::filesystem::path> folders;
    std::string format = "text";
};

std::string in_format(const std::vector<report::claim_row>& rows, const std::string& format) {
    if (format == "markdown") return report::claims_as_markdown(rows);
    if (format == "csv") return report::claims_as_csv(rows);
    return report::claims_as_text(rows, report::text_options_for(STDOUT_FILENO).width);
}

int print_claims(const claims_options& given) {
    const auto runs = summaries_of(given.folders);
    const auto rows = report::claims_of(runs);
    if (rows.empty()) throw bad_input("these runs check no claims: an [[expect]] with `claim` makes one");
    fmt::print("{}", in_format(rows, given.format));
    for (const auto& run : runs)
        for (const auto& one : run.expects)
            if (!one.expect.claim.empty() && !one.met) return exit_code::findings;
    return exit_code::fine;
}

}  // namespace

void add_claims(CLI::App& program, chosen_command& chosen) {
    auto given = std::make_shared<claims_options>();
    auto* command = program.add_subcommand("claims", "What kept runs say about the claims they check, in one table");
    command->add_option("DIR", given->folders, "folders of runs")->required();
    command->add_option("--format", given->format, "text, markdown or csv")
        ->check(CLI::IsMember({"text", "markdown", "csv"}));
    command->footer(
        "Example:\n"
        "  firstfin run experiments/article/*.toml --out /tmp/article\n"
        "  firstfin claims /tmp/article/* --format markdown\n"
        "Exit code: 1 when something is not as `today` expects it");
    command->callback([given, &chosen] { chosen = [given] { return print_claims(*given); }; });
}

}  // namespace firstfin::cli
