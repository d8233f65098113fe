#include <fmt/format.h>

#include <algorithm>
#include <boost/tokenizer.hpp>

#include "core/parse_error.hpp"
#include "harness/subjects/find_program.hpp"
#include "harness/subjects/told_values.hpp"

namespace firstfin::subjects {

namespace {

struct placeholder {
    std::string_view name;
    std::string value;
};

bool asks_for_limit(std::string_view text) {
    return text.find("{keepalive_timeout}") != text.npos || text.find("{keepalive_timeout_s}") != text.npos;
}

/// Configurations are full of braces: these words in braces are ours, and no others.
std::vector<placeholder> placeholders(const server_request& of) {
    std::vector<placeholder> out{
        {"{port}", fmt::format("{}", of.port)}, {"{folder}", of.folder}, {"{config}", of.folder + "/config"}};
    if (!is_told(of, "keepalive_timeout")) return out;
    out.push_back({"{keepalive_timeout}", to_text(of.policy.keepalive_timeout)});
    if (!of.policy.keepalive_timeout.is_never())
        out.push_back({"{keepalive_timeout_s}", decimal_seconds(idle_limit(of))});
    return out;
}

std::string filled(std::string text, const std::vector<placeholder>& with) {
    for (const auto& [name, value] : with)
        for (auto at = text.find(name); at != text.npos; at = text.find(name, at + value.size()))
            text.replace(at, name.size(), value);
    return text;
}

/// As a shell does, of which quotes and backslashes are known here.
std::vector<std::string> split(const std::string& line) try {
    using separator = boost::escaped_list_separator<char>;
    std::vector<std::string> out;
    for (const auto& word : boost::tokenizer<separator>(line, separator("\\", " \t\n", "\"'")))
        if (!word.empty()) out.push_back(word);
    return out;
} catch (const boost::escaped_list_error& failed) {
    throw bad_input(fmt::format("server.command: {}; a backslash is written twice", failed.what()));
}

std::string option(const server_request& of, const std::string& name) {
    const auto found = of.options.find(name);
    return found == of.options.end() ? std::string{} : found->second;
}

launch prepare(const server_request& of) {
    const auto command = option(of, "command");
    const auto configuration = option(of, "template");
    const auto words = split(command);
    if (words.empty())
        throw bad_input(
            "server program 'command' needs server.command, its command line: "
            "command = \"python3 -m http.server {port}\"");
    const bool asked = asks_for_limit(command) || asks_for_limit(configuration);
    if (is_told(of, "keepalive_timeout") && !asked)
        throw bad_input(
            "server.keepalive_timeout is set, but neither server.command nor server.template says {keepalive_timeout} "
            "or {keepalive_timeout_s}: the program would not know it");
    if (!is_told(of, "keepalive_timeout") && asked)
        throw bad_input("server.command or server.template asks for {keepalive_timeout}: set server.keepalive_timeout");
    const auto with = placeholders(of);
    if (of.policy.keepalive_timeout.is_never() &&
        filled(command + configuration, with).find("{keepalive_timeout_s}") != std::string::npos)
        throw bad_input("{keepalive_timeout_s} cannot say \"never\"; {keepalive_timeout} can");
    launch out;
    const auto found = find_in_path(words.front());
    if (!found) throw environment_lacks(fmt::format("server.command: there is no program '{}' in PATH", words.front()));
    out.program = *found;
    // Filled in after the words are told apart: no value becomes two.
    std::ranges::transform(words.begin() + 1, words.end(), std::back_inserter(out.arguments),
                           [&](const std::string& word) { return filled(word, with); });
    if (!configuration.empty()) out.files = {{"config", filled(configuration, with)}};
    return out;
}

}  // namespace

server_subject command() {
    return {.id = "command",
            .name = "any program, by server.command",
            .profile = "",
            .comes_from = {},
            .takes = {"keepalive_timeout"},
            .prepare = prepare};
}

}  // namespace firstfin::subjects
