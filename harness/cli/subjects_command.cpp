#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "harness/cli/command.hpp"
#include "harness/doctor/subject_list.hpp"

namespace firstfin::cli {

namespace {

struct given_options {
    std::string format = "text";
    bool servers = false;
    bool clients = false;
};

int list(const given_options& given) {
    auto all = doctor::list_subjects();
    if (given.servers != given.clients)
        std::erase_if(all, [&](const auto& one) { return one.is_server != given.servers; });
    fmt::print("{}", given.format == "json" ? doctor::to_json(all)
                                            : doctor::to_text(all, report::text_options_for(STDOUT_FILENO)));
    return exit_code::fine;
}

}  // namespace

void add_subjects(CLI::App& program, chosen_command& chosen) {
    auto given = std::make_shared<given_options>();
    auto* command = program.add_subcommand(
        "subjects",
        "List the real programs that can play a side: which are here, their versions, what installs the rest");
    command->add_flag("--servers", given->servers, "servers alone");
    command->add_flag("--clients", given->clients, "clients alone");
    command->add_option("--format", given->format, "text or json")->check(CLI::IsMember({"text", "json"}));
    command->footer(
        "An experiment names them:\n"
        "  [server]\n"
        "  subject = \"nginx\"\n"
        "  keepalive_timeout = \"65s\"\n"
        "  [client]\n"
        "  subject = \"firefox\"\n"
        "Any other program:\n"
        "  [server]\n"
        "  subject = \"command\"\n"
        "  command = \"python3 -m http.server {port}\"\n"
        "Examples:\n"
        "  firstfin subjects\n"
        "  firstfin subjects --clients --format json\n"
        "Exit code: 0");
    command->callback([given, &chosen] { chosen = [given] { return list(*given); }; });
}

}  // namespace firstfin::cli
