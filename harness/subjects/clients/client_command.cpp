#include <fmt/format.h>

#include "core/parse_error.hpp"
#include "harness/subjects/command_line.hpp"
#include "harness/subjects/find_program.hpp"
#include "harness/subjects/plain_requests.hpp"

namespace firstfin::subjects {

namespace {

placeholders known_of(const client_request& of) {
    const auto limit = of.policy.idle_timeout;
    return {{"url", url(of)},
            {"host", of.host},
            {"port", fmt::format("{}", of.port)},
            {"folder", of.folder},
            {"idle_timeout", to_text(limit)},
            {"idle_timeout_s", limit.is_never() ? "0" : in_seconds(limit.value())},
            {"requests", fmt::format("{}", of.what.requests)},
            {"gap_s", in_seconds(of.what.gap)}};
}

launch prepare(const client_request& of) {
    const auto line = of.options.find("command");
    if (line == of.options.end())
        throw bad_input("the client program 'command' needs its command, such as command = \"curl {url}\"");
    auto words = command_words(line->second, known_of(of)).value();
    launch out;
    out.program = find_command(words.front(), "client");
    out.arguments.assign(words.begin() + 1, words.end());
    return out;
}

}  // namespace

/// Whether it does what the scenario says is up to the person who wrote the command: nothing is refused here.
client_subject client_command() {
    return {.id = "command",
            .name = "any program",
            .profile = "",
            .comes_from = {},
            .takes = {"idle_timeout"},
            .plays = {scenario_kind::idle, scenario_kind::connection_close, scenario_kind::cadence},
            .ends_by_itself = true,
            .prepare = prepare};
}

}  // namespace firstfin::subjects
