#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>

#include "core/parse_error.hpp"
#include "harness/cli/command.hpp"
#include "harness/states/census_text.hpp"
#include "harness/states/namespace_entry.hpp"
#include "harness/states/socket_listing.hpp"

namespace firstfin::cli {

namespace {

struct states_options {
    std::optional<std::uint16_t> port;
    std::string network;
    std::string format = "text";
    bool watch = false;
};

states::census take(states::socket_listing& sockets, const states_options& given) {
    states::census_taker counting(given.port);
    sockets.for_each([&counting](const states::counted_socket& one) { counting.add(one); });
    return counting.result();
}

std::string printed(const states::census& counted, const states_options& given) {
    if (given.format == "json") return states::to_json(counted, std::chrono::system_clock::now());
    return states::to_text(counted, report::text_options_for(STDOUT_FILENO));
}

/// False when nobody reads any more.
bool put(const std::string& text) {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

/// Ctrl-C is how a person ends this: no failure. Nor is a reader that has seen enough.
int watch(states::socket_listing& sockets, const states_options& given) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, nullptr);
    const bool terminal = ::isatty(STDOUT_FILENO) != 0 && given.format == "text";
    for (;;) {
        auto text = printed(take(sockets, given), given);
        if (given.format == "text") {
            const auto now = states::moment_text(std::chrono::system_clock::now());
            text =
                terminal ? fmt::format("\x1b[H\x1b[J{}  (Ctrl-C ends this)\n{}", now, text) : now + "\n" + text + "\n";
        }
        if (!put(text)) return exit_code::fine;
        const timespec second{1, 0};
        if (::sigtimedwait(&ends, nullptr, &second) > 0) return exit_code::fine;
    }
}

int show_states(const states_options& given) {
    if (!given.network.empty()) states::enter_network_namespace(given.network);
    states::socket_listing sockets;
    if (given.watch) return watch(sockets, given);
    if (!put(printed(take(sockets, given), given))) throw environment_lacks("the output takes no more (disk full?)");
    return exit_code::fine;
}

}  // namespace

void add_states(CLI::App& program, chosen_command& chosen) {
    auto given = std::make_shared<states_options>();
    auto* command = program.add_subcommand(
        "states", "Count this machine's TCP sockets by state, and how long the waiting ones have left");
    command->add_option("--port", given->port, "only sockets with this port, and at which side of them it is")
        ->check(CLI::Range(1, 65535));
    command->add_flag("--watch", given->watch, "again every second, until Ctrl-C");
    command->add_option("--namespace", given->network,
                        "of another network namespace: the number of a process in it, or a path (/run/netns/NAME)");
    command->add_option("--format", given->format, "text or json (an object a line)")
        ->check(CLI::IsMember({"text", "json"}));
    command->footer(
        "Needs no privilege, but for --namespace. What `netstat -ant | awk '{print $NF}' | sort | uniq -c` was for.\n"
        "FIN_WAIT_2 orphans have no owner any more and end with their timer; owned ones stay as long as their owner.\n"
        "Examples:\n"
        "  firstfin states\n"
        "  firstfin states --port 8080 --watch\n"
        "  firstfin states --namespace $(pgrep -o nginx) --format json\n"
        "Exit code: 0 fine, also after Ctrl-C, 2 bad input, 3 the machine lacks something");
    command->callback([given, &chosen] { chosen = [given] { return show_states(*given); }; });
}

}  // namespace firstfin::cli
