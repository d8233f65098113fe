#include <fmt/format.h>
#include <unistd.h>

#include "harness/cli/command.hpp"
#include "harness/doctor/printing.hpp"

namespace firstfin::cli {

namespace {

int examine(const std::string& format) {
    const auto found = doctor::diagnose(doctor::gather_facts());
    fmt::print("{}", format == "json" ? doctor::to_json(found)
                                      : doctor::to_text(found, report::text_options_for(STDOUT_FILENO)));
    switch (found.ability) {
        case doctor::ability::everything:
            return exit_code::fine;
        case doctor::ability::limited:
            return exit_code::findings;
        case doctor::ability::nothing:
            break;
    }
    return exit_code::environment_lacks;
}

}  // namespace

void add_doctor(CLI::App& program, chosen_command& chosen) {
    auto format = std::make_shared<std::string>("text");
    auto* command =
        program.add_subcommand("doctor", "Say what firstfin can do on this machine, what a miss costs, and what helps");
    command->add_option("--format", *format, "text or json")->check(CLI::IsMember({"text", "json"}));
    command->footer(
        "It tries things in namespaces that are thrown away, and changes nothing.\n"
        "Examples:\n"
        "  firstfin doctor\n"
        "  firstfin doctor --format json\n"
        "Exit code: 0 everything works here (external programs are extra), 1 something is limited, 3 no experiment can "
        "run");
    command->callback([format, &chosen] { chosen = [format] { return examine(*format); }; });
}

}  // namespace firstfin::cli
