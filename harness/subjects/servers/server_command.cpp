#include <fmt/format.h>

#include <filesystem>

#include "core/parse_error.hpp"
#include "harness/subjects/command_line.hpp"
#include "harness/subjects/find_program.hpp"
#include "harness/subjects/plain_requests.hpp"
#include "harness/subjects/server_settings.hpp"

namespace firstfin::subjects {

namespace {

constexpr std::string_view config_file = "config";

placeholders known_of(const server_request& of) {
    const auto limit = of.policy.keepalive_timeout;
    return {{"port", std::to_string(of.port)},
            {"folder", of.folder},
            {"config", fmt::format("{}/{}", of.folder, config_file)},
            {"keepalive_timeout", to_text(limit)},
            {"keepalive_timeout_s", limit.is_never() ? "0" : in_seconds(limit.value())}};
}

launch prepare(const server_request& of) {
    const auto line = of.options.find("command");
    if (line == of.options.end())
        throw bad_input(
            "the server program 'command' needs its command, such as command = \"python3 -m http.server {port}\"");
    const auto known = known_of(of);
    auto words = command_words(line->second, known).value();
    launch out;
    out.program = find_command(words.front(), "server");
    out.arguments.assign(words.begin() + 1, words.end());
    if (const auto text = of.options.find("template"); text != of.options.end())
        out.files.push_back({std::string(config_file), filled(text->second, known).value()});
    return out;
}

}  // namespace

/// Whether it does what it is told is up to the person who wrote the command: nothing is refused here.
server_subject server_command() {
    return {.id = "command",
            .name = "any program",
            .profile = "",
            .comes_from = {},
            .takes = {"keepalive_timeout", "close_window", "keepalive_hint", "keepalive_requests", "keepalive_time",
                      "header_timeout"},
            .prepare = prepare};
}

}  // namespace firstfin::subjects
