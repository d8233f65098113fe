#include "harness/validate/question_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace firstfin::validate {

namespace {

double positive_number(std::string_view option, std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) || value <= 0)
        throw bad_input(fmt::format("{}: expected a number above 0, not '{}'", option, text));
    return value;
}

std::uint64_t whole_number(std::string_view option, std::string_view text) {
    const auto value = parse_whole_number(text);
    if (!value || *value == 0)
        throw bad_input(fmt::format("{}: expected a whole number, 1 or more, not '{}'", option, text));
    return *value;
}

/// What stands before the "=" that names a hop. A policy ("idle=30s,...") has an "=" of its own, so one before it
/// counts only when what it splits off is no setting.
std::pair<std::string, std::string> split_hop(std::string_view text, std::span<const std::string_view> settings) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return {"", std::string(text)};
    const auto before = text.substr(0, equals);
    if (std::ranges::find(settings, before) != settings.end()) return {"", std::string(text)};
    return {std::string(before), std::string(text.substr(equals + 1))};
}

template <class Policy>
std::vector<std::string_view> setting_names() {
    std::vector<std::string_view> out{"idle", "mode", "window"};
    for (const auto& one : fields_of(Policy{}))
        out.push_back(one.name);
    return out;
}

template <class Read>
std::vector<assigned_peers> assigned(std::string_view option, const std::vector<std::string>& words,
                                     const std::vector<std::string_view>& settings, const catalogue& profiles,
                                     Read read) {
    std::vector<assigned_peers> out;
    for (const auto& word : words) {
        const auto [hop, peers] = split_hop(word, settings);
        try {
            out.push_back({hop, read(peers, profiles)});
        } catch (const bad_input& error) {
            throw bad_input(fmt::format("{}: {}", option, error.what()));
        }
    }
    return out;
}

void read_rate(workload& into, std::string_view text) {
    const auto equals = text.rfind('=');
    if (equals == std::string_view::npos)
        into.rate = positive_number("--rate", text);
    else
        into.rates[std::string(text.substr(0, equals))] = positive_number("--rate", text.substr(equals + 1));
}

}  // namespace

question to_question(const question_words& words, const catalogue& profiles) {
    question out;
    out.clients = assigned("--client", words.clients, setting_names<client_policy>(), profiles, clients_named);
    out.backends = assigned("--backend", words.backends, setting_names<server_policy>(), profiles, backends_named);
    for (const auto& one : words.rates)
        read_rate(out.traffic, one);
    if (!words.latency.empty()) {
        const auto value = parse_duration(words.latency.back());
        if (!value) throw bad_input("--latency: " + value.error().message);
        out.traffic.latency = *value;
    }
    if (!words.connections.empty()) out.traffic.connections = whole_number("--connections", words.connections.back());
    if (!words.reloads_per_hour.empty())
        out.traffic.reloads_per_hour = positive_number("--reloads-per-hour", words.reloads_per_hour.back());
    if (!words.workers.empty()) out.traffic.workers = whole_number("--workers", words.workers.back());
    if (!words.nginx_version.empty()) {
        const auto version = nginx_conf::parse_nginx_version(words.nginx_version.back());
        if (!version) throw bad_input("--nginx-version: " + version.error().message);
        out.version = *version;
        out.version_given = true;
    }
    for (const auto& one : words.sysctls)
        set_sysctl(out.system, one);
    return out;
}

question read_question(const std::vector<std::string>& arguments, const catalogue& profiles) {
    question_words words;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto option = std::ranges::find(question_options, arguments[i], &question_option::name);
        if (option == question_options.end()) throw bad_input(fmt::format("unknown option {}", arguments[i]));
        if (i + 1 == arguments.size()) throw bad_input(fmt::format("{} needs a value", arguments[i]));
        (words.*(option->into)).push_back(arguments[++i]);
    }
    return to_question(words, profiles);
}

}  // namespace firstfin::validate
