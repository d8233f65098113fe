#include "harness/validate/project_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "core/toml_reading.hpp"
#include "harness/validate/nginx_folder.hpp"
#include "server/nginx_conf/message.hpp"

namespace firstfin::validate {

namespace {

constexpr std::uintmax_t largest_file = 1U << 20U;

using words_member = std::vector<std::string> question_words::*;

/// A word is tried alone, so that what is wrong with it can be said with its line.
void add_word(question_words& into, words_member where, std::string word, const toml::node& node, std::string_view key,
              const catalogue& profiles) {
    question_words alone;
    (alone.*where).push_back(word);
    try {
        (void)to_question(alone, profiles);
    } catch (const bad_input& failed) {
        // It begins with the option's name, and here it is a key that was written.
        std::string_view text = failed.what();
        if (text.starts_with("--")) text.remove_prefix(std::min(text.find(": "), text.size() - 2) + 2);
        fail_at(node, fmt::format("{}: {}", key, text));
    }
    (into.*where).push_back(std::move(word));
}

/// "a", ["a", "b"] or { hop = "a", other = ["b"] }.
void read_peers(question_words& into, words_member where, const toml::node& node, std::string_view key,
                const std::string& hop, const catalogue& profiles) {
    if (const auto* list = node.as_array()) {
        for (const auto& each : *list)
            if (each.is_string())
                read_peers(into, where, each, key, hop, profiles);
            else
                fail_at(each, fmt::format("{}: expected a list of strings", key));
    } else if (const auto* table = node.as_table(); table != nullptr && hop.empty()) {
        for (const auto& [name, each] : *table) {
            if (name.str().empty()) fail_at(each, fmt::format("{}: a hop has a name", key));
            if (each.is_table()) fail_at(each, fmt::format("{}: expected a string or a list of strings", key));
            read_peers(into, where, each, key, std::string(name.str()), profiles);
        }
    } else if (const auto* text = node.as_string()) {
        add_word(into, where, hop.empty() ? text->get() : hop + "=" + text->get(), node, key, profiles);
    } else {
        fail_at(node, fmt::format("{}: expected a string, a list of strings, or a table of them by hop", key));
    }
}

void read_rates(question_words& into, const toml::node& node, const catalogue& profiles) {
    const auto* table = node.as_table();
    if (table == nullptr) fail_at(node, "rates: expected a table, such as { \"example.org:443\" = 300 }");
    for (const auto& [hop, rate] : *table) {
        if (hop.str().empty()) fail_at(rate, "rates: a hop has a name");
        add_word(into, &question_words::rates, fmt::format("{}={}", hop.str(), text_of(rate)), rate, "rates", profiles);
    }
}

/// net.ipv4.x = 1 without quotes is a table within a table.
void read_sysctls(question_words& into, const toml::node& node, const std::string& prefix, const catalogue& profiles) {
    if (const auto* table = node.as_table()) {
        for (const auto& [key, value] : *table)
            read_sysctls(into, value, prefix.empty() ? std::string(key.str()) : fmt::format("{}.{}", prefix, key.str()),
                         profiles);
        return;
    }
    const auto text = text_of(node);
    if (prefix.empty() && text != "this-machine")
        fail_at(node, "sysctl: expected \"this-machine\" or a table, such as { tcp_tw_reuse = 1 }");
    add_word(into, &question_words::sysctls, prefix.empty() ? text : prefix + "=" + text, node, "sysctl", profiles);
}

std::string read_fail_on(const toml::node& node) {
    constexpr std::array<std::string_view, 4> known{"note", "warning", "error", "never"};
    const auto text = text_of(node);
    if (std::ranges::find(known, text) == known.end())
        fail_at(node, fmt::format("fail_on: expected note, warning, error or never, not '{}'", text));
    return text;
}

void read_settings(project_file& into, const toml::table& table, const catalogue& profiles) {
    refuse_unknown_keys(table,
                        {"clients", "backends", "rate", "rates", "latency", "connections", "reloads_per_hour",
                         "workers", "nginx_version", "sysctl", "fail_on"},
                        "[validate]");
    auto& words = into.words;
    const auto single = [&](std::string_view key, words_member where) {
        if (const auto* node = table.get(key)) add_word(words, where, text_of(*node), *node, key, profiles);
    };
    if (const auto* node = table.get("clients"))
        read_peers(words, &question_words::clients, *node, "clients", "", profiles);
    if (const auto* node = table.get("backends"))
        read_peers(words, &question_words::backends, *node, "backends", "", profiles);
    single("rate", &question_words::rates);
    if (const auto* node = table.get("rates")) read_rates(words, *node, profiles);
    single("latency", &question_words::latency);
    single("connections", &question_words::connections);
    single("reloads_per_hour", &question_words::reloads_per_hour);
    single("workers", &question_words::workers);
    single("nginx_version", &question_words::nginx_version);
    if (const auto* node = table.get("sysctl")) read_sysctls(words, *node, "", profiles);
    if (const auto* node = table.get("fail_on")) into.fail_on = read_fail_on(*node);
}

}  // namespace

project_file read_project_file(const std::filesystem::path& path, const catalogue& profiles) {
    project_file out;
    out.path = path;
    try {
        std::error_code failed;
        const auto size = std::filesystem::file_size(path, failed);
        if (!failed && size > largest_file)
            throw bad_input(fmt::format("{}: larger than {} bytes", path.string(), largest_file));
        const auto document = read_toml_file(path);
        refuse_unknown_keys(document, {"validate"}, "the file (settings belong into [validate])");
        if (const auto* node = document.get("validate")) {
            if (!node->is_table()) fail_at(*node, "validate: expected a table, [validate]");
            read_settings(out, *node->as_table(), profiles);
        }
    } catch (const bad_input& failed) {
        // Names, keys and values of a stranger's file are in it.
        throw bad_input(nginx_conf::printable(failed.what()));
    }
    return out;
}

std::optional<project_file> project_file_beside(const std::filesystem::path& configuration, const catalogue& profiles) {
    std::error_code ignored;
    auto folder = configuration;
    if (configuration == "-")
        folder.clear();
    else if (!std::filesystem::is_directory(configuration, ignored))
        folder = configuration.parent_path();
    auto path = folder / project_file_name;
    if (!std::filesystem::exists(path, ignored)) {
        const auto above = nginx_folder(folder);
        if (!above || !std::filesystem::exists(*above / project_file_name, ignored)) return std::nullopt;
        path = *above / project_file_name;
    }
    return read_project_file(path, profiles);
}

question_words combined(question_words command_line, const project_file& file) {
    for (const auto member :
         {&question_words::clients, &question_words::backends, &question_words::latency, &question_words::connections,
          &question_words::reloads_per_hour, &question_words::workers, &question_words::nginx_version})
        if ((command_line.*member).empty()) command_line.*member = file.words.*member;
    // Of these, what comes later counts.
    for (const auto member : {&question_words::rates, &question_words::sysctls})
        (command_line.*member)
            .insert((command_line.*member).begin(), (file.words.*member).begin(), (file.words.*member).end());
    return command_line;
}

}  // namespace firstfin::validate
