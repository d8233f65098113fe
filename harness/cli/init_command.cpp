#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "core/client_policy.hpp"
#include "core/scenario.hpp"
#include "core/server_policy.hpp"
#include "harness/cli/command.hpp"

namespace firstfin::cli {

namespace {

template <class Settings>
std::string commented_fields(const Settings& defaults) {
    std::string out;
    for (const auto& one : fields_of(defaults)) {
        // A scenario's raw bytes hold line ends, which a TOML comment cannot.
        const auto value = one.write(defaults);
        out +=
            fmt::format("# {} = \"{}\"{}# {}\n", one.name, value,
                        std::string(one.name.size() + value.size() < 30 ? 30 - one.name.size() - value.size() : 1, ' '),
                        one.meaning);
    }
    return out;
}

std::string experiment_template(const std::string& title) {
    return fmt::format(
        R"(# An experiment: two policies, what is varied, how often. Uncomment what you need; the values shown are the defaults.
# Run it: ./firstfin run THIS_FILE        Try it 50 times faster first: ./firstfin run THIS_FILE --time-scale 0.02
title = "{}"

[server]
profile = "nginx"                              # a server of experiments/profiles/, or leave it out and set the policy below
# subject = "nginx"                            # instead: the real program, told what you set here (firstfin subjects)
{}
[client]
profile = "firefox"                            # a client or balancer of experiments/profiles/
# subject = "firefox"                          # instead: the real program, a process a trial
{}
[scenario]
{}
[link]
# family = "ipv4"                              # ipv4, ipv6
# delay = "0s"                                 # one way, in each direction, up to 400ms; not scaled by --time-scale

# [sysctl.server]
# "net.ipv4.tcp_fin_timeout" = "60"

# Every combination of these is a cell. Also: {{ from = "1s", to = "10s", step = "1s" }}, [[sweep.zip]] for axes that advance
# together, and "skew" = ["-50ms", "0s", "50ms"] for the server's limit minus the client's.
[sweep]
"server.keepalive_timeout" = ["65s", "120s", "130s"]

[run]
replicates = 5                                 # trials a cell
# observe = "2s"                               # how long to look on after the expected end
# seed = 1
# time_scale = 1

# [[expect]]                                   # what was claimed, and what is so today; a miss of `today` is a finding
# when = {{ "server.keepalive_timeout" = "65s" }}
# article = "server"
# today = "server"
)",
        title, commented_fields(server_policy{}), commented_fields(client_policy{}), commented_fields(scenario{}));
}

int init(const std::filesystem::path& file, const std::string& title) {
    if (std::filesystem::exists(file))
        throw bad_input(fmt::format("{} exists already: choose another name", file.string()));
    std::ofstream out(file);
    out << experiment_template(title);
    if (!out.flush()) throw environment_lacks(fmt::format("{} could not be written", file.string()));
    fmt::print("wrote {}; next: ./firstfin run {} --time-scale 0.02\n", file.string(), file.string());
    return exit_code::fine;
}

}  // namespace

void add_init(CLI::App& program, chosen_command& chosen) {
    struct options {
        std::string file = "experiment.toml";
        std::string title = "Who closes first?";
    };
    auto given = std::make_shared<options>();
    auto* command = program.add_subcommand("init", "Write a commented experiment file to start from");
    command->add_option("FILE", given->file, "the file to write (default: experiment.toml)");
    command->add_option("--title", given->title, "its title");
    command->footer("Example:\n  firstfin init mine.toml --title 'our gateway against nginx'");
    command->callback([given, &chosen] { chosen = [given] { return init(given->file, given->title); }; });
}

}  // namespace firstfin::cli
