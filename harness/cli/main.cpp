#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>

#include "core/parse_error.hpp"
#include "core/version.hpp"
#include "harness/cli/command.hpp"

namespace cli = firstfin::cli;

int main(int argc, char** argv) {
    // A pipe that closes early (report | head) ends a write with an error, not the program.
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App program("firstfin: which side of an HTTP/1.1 keep-alive connection closes first, settled by experiment");
    program.set_version_flag("--version", fmt::format("firstfin {}", firstfin::version));
    program.require_subcommand(1);
    cli::chosen_command chosen;
    cli::add_run(program, chosen);
    cli::add_report(program, chosen);
    cli::add_claims(program, chosen);
    cli::add_explain(program, chosen);
    cli::add_states(program, chosen);
    cli::add_doctor(program, chosen);
    cli::add_read(program, chosen);
    cli::add_predict(program, chosen);
    cli::add_validate(program, chosen);
    cli::add_bench(program, chosen);
    cli::add_compare(program, chosen);
    cli::add_profiles(program, chosen);
    cli::add_subjects(program, chosen);
    cli::add_init(program, chosen);
    try {
        program.parse(argc, argv);
        return chosen();
    } catch (const CLI::ParseError& failed) {
        return program.exit(failed) == 0 ? cli::exit_code::fine : cli::exit_code::bad_usage;
    } catch (const firstfin::bad_input& failed) {
        fmt::print(stderr, "firstfin: {}\n", failed.what());
        return cli::exit_code::bad_usage;
    } catch (const std::exception& failed) {
        fmt::print(stderr, "firstfin: {}\n", failed.what());
        return cli::exit_code::environment_lacks;
    }
}
