#include <fmt/format.h>
#include <unistd.h>

#include "harness/cli/command.hpp"
#include "harness/predict/forecast.hpp"
#include "harness/report/text_options.hpp"

namespace firstfin::cli {

namespace {

struct given_options {
    std::string server;
    std::string client;
    std::vector<std::string> set;
    std::string format = "text";
};

int predict_pair(const given_options& given) {
    const auto profiles = catalogue::load_installed();
    const auto made = predict::make_forecast(given.server, given.client, given.set, profiles);
    fmt::print("{}", given.format == "json"
                         ? predict::as_json(made)
                         : predict::as_text(made, profiles, report::text_options_for(STDOUT_FILENO).width));
    return exit_code::fine;
}

}  // namespace

void add_predict(CLI::App& program, chosen_command& chosen) {
    auto given = std::make_shared<given_options>();
    auto* command = program.add_subcommand(
        "predict", "Say what two sides will do to each other, from what is known of them: nothing is run");
    command->add_option("--server", given->server, "server profile, such as nginx (firstfin profiles)")->required();
    command->add_option("--client", given->client, "client profile, such as firefox or aws-alb")->required();
    command
        ->add_option("--set", given->set,
                     "key=value over the profiles, such as server.keepalive_timeout=120s; repeatable")
        ->take_all();
    command->add_option("--format", given->format, "text or json")->check(CLI::IsMember({"text", "json"}));
    command->footer(
        "Examples:\n"
        "  firstfin predict --server node-http-server --client aws-alb\n"
        "  firstfin predict --server nginx --client firefox --set server.keepalive_timeout=120s\n"
        "Exit code: 0; 2 for unknown profiles and settings");
    command->callback([given, &chosen] { chosen = [given] { return predict_pair(*given); }; });
}

}  // namespace firstfin::cli
