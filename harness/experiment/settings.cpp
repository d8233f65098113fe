#include "harness/experiment/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace firstfin::experiment {

namespace {

constexpr std::string_view server_sysctl = "sysctl.server.";
constexpr std::string_view client_sysctl = "sysctl.client.";

[[noreturn]] void refuse(const assignment& one, std::string_view message) {
    throw bad_input(fmt::format("{}{}: {}", one.where, one.key, message));
}

void refuse_if(const assignment& one, const std::optional<parse_error>& failed) {
    if (failed) refuse(one, failed->message);
}

template <class Settings>
const field<Settings>* find_field(const Settings& of, std::string_view name) {
    for (const auto& one : fields_of(of))
        if (one.name == name) return &one;
    return nullptr;
}

struct signed_duration {
    bool negative = false;
    duration value{};
};

signed_duration parse_skew(const assignment& one) {
    const bool negative = one.text.starts_with('-');
    const auto magnitude = parse_duration(std::string_view(one.text).substr(negative ? 1 : 0));
    if (!magnitude) refuse(one, magnitude.error().message + "; a skew may be negative, such as \"-50ms\"");
    return {negative, *magnitude};
}

int rank(const assignment& one) {
    if (one.key.ends_with(".profile")) return 0;
    if (one.key == "server.keepalive_timeout" || one.key == "client.idle_timeout") return 1;
    return one.key == "skew" ? 3 : 2;
}

void apply_skew(settings& into, const assignment& one) {
    const auto skew = parse_skew(one);
    if (into.client.idle_timeout.is_never()) refuse(one, "a skew needs a client with an idle limit");
    const auto limit = into.client.idle_timeout.value() + (skew.negative ? -skew.value : skew.value);
    if (limit <= duration::zero())
        refuse(one, fmt::format("leaves the server no time (client limit {})", to_text(into.client.idle_timeout)));
    into.server = with_keepalive_timeout(into.server, limit);
    into.skew = (skew.negative ? "-" : "") + to_text(skew.value);
}

void apply_link_delay(settings& into, const assignment& one) {
    const auto delay = parse_duration(one.text);
    if (!delay) refuse(one, delay.error().message);
    if (*delay > longest_link_delay)
        refuse(one, fmt::format("{} is more than {}: a round trip of a second or more makes the kernel repeat the SYN",
                                to_text(*delay), to_text(longest_link_delay)));
    into.link_delay = *delay;
}

template <class Settings>
void apply_field(Settings& into, std::string_view name, const assignment& one) {
    const auto* found = find_field(into, name);
    if (found == nullptr) check_key(one);
    refuse_if(one, found->read(into, one.text));
}

void apply(settings& into, const assignment& one, const catalogue* profiles) {
    const std::string_view key = one.key;
    if (key == "server.profile") {
        into.server_profile = one.text;
        if (profiles != nullptr) into.server = *profiles->server(one.text).server;
    } else if (key == "client.profile") {
        into.client_profile = one.text;
        if (profiles != nullptr) into.client = *profiles->client(one.text).client;
    } else if (key == "server.keepalive_timeout") {
        time_limit limit;
        refuse_if(one, read_value(one.text, limit));
        into.server = with_keepalive_timeout(into.server, limit);
    } else if (key == "client.idle_timeout") {
        time_limit limit;
        refuse_if(one, read_value(one.text, limit));
        into.client = with_idle_timeout(into.client, limit);
    } else if (key == nginx_key::config) {
        if (one.text.empty()) refuse(one, "expected the path of an nginx configuration");
        into.server_config = one.text;
    } else if (key == nginx_key::version) {
        const auto version = nginx_conf::parse_nginx_version(one.text);
        if (!version) refuse(one, version.error().message);
        into.nginx_version = nginx_conf::to_text(*version);
    } else if (key == "link.family") {
        refuse_if(one, read_value(one.text, into.family));
    } else if (key == "link.delay") {
        apply_link_delay(into, one);
    } else if (key == "skew") {
        apply_skew(into, one);
    } else if (key.starts_with(server_sysctl)) {
        into.server_sysctls[std::string(key.substr(server_sysctl.size()))] = one.text;
    } else if (key.starts_with(client_sysctl)) {
        into.client_sysctls[std::string(key.substr(client_sysctl.size()))] = one.text;
    } else if (key.starts_with("server.")) {
        apply_field(into.server, key.substr(7), one);
    } else if (key.starts_with("client.")) {
        apply_field(into.client, key.substr(7), one);
    } else if (key.starts_with("scenario.")) {
        apply_field(into.scenario, key.substr(9), one);
    } else {
        check_key(one);
    }
}

/// A parameter that every cell may have: its name, and its text where it is set.
struct parameter {
    std::string key;
    std::function<std::optional<std::string>(const settings&)> text;
};

template <class Settings>
void add_parameters(std::vector<parameter>& into, std::string_view prefix, Settings settings::*part) {
    for (const auto& one : fields_of(Settings{}))
        into.push_back({std::string(prefix) + std::string(one.name),
                        [write = one.write, part](const settings& of) { return std::optional(write(of.*part)); }});
}

/// Sorted by name once, not for every cell.
const std::vector<parameter>& parameters() {
    static const auto all = [] {
        std::vector<parameter> out;
        add_parameters(out, "server.", &settings::server);
        add_parameters(out, "client.", &settings::client);
        add_parameters(out, "scenario.", &settings::scenario);
        out.push_back({"link.family", [](const settings& of) { return std::optional(write_value(of.family)); }});
        out.push_back({"link.delay", [](const settings& of) {
                           return of.link_delay ? std::optional(to_text(*of.link_delay)) : std::nullopt;
                       }});
        const auto add_if_set = [&](std::string key, std::string settings::*part) {
            out.push_back({std::move(key), [part](const settings& of) {
                               return (of.*part).empty() ? std::nullopt : std::optional(of.*part);
                           }});
        };
        add_if_set(std::string(nginx_key::config), &settings::server_config);
        add_if_set(std::string(nginx_key::version), &settings::nginx_version);
        out.push_back({std::string(nginx_key::digest),
                       [](const settings& of) { return of.nginx ? std::optional(of.nginx->digest) : std::nullopt; }});
        add_if_set("server.profile", &settings::server_profile);
        add_if_set("client.profile", &settings::client_profile);
        add_if_set("skew", &settings::skew);
        std::ranges::sort(out, {}, &parameter::key);
        return out;
    }();
    return all;
}

/// The configuration says everything about the server: whatever else does would be ignored, so it is refused.
void refuse_beside_nginx(const std::vector<assignment>& assignments) {
    for (const auto& one : assignments)
        if ((one.key.starts_with("server.") && !nginx_key::is_one(one.key)) || one.key == "skew")
            refuse(one, "does not go together with server.config: the configuration alone says what the server does");
}

void read_nginx(settings& into, const std::vector<assignment>& assignments, const std::filesystem::path& folder) {
    const auto given = [&](std::string_view key) { return std::ranges::find(assignments, key, &assignment::key); };
    if (into.server_config.empty()) {
        if (const auto version = given(nginx_key::version); version != assignments.end())
            refuse(*version, "is the version that server.config is read as: set server.config too");
        return;
    }
    refuse_beside_nginx(assignments);
    const auto version = into.nginx_version.empty() ? nginx_conf::newest_known
                                                    : nginx_conf::parse_nginx_version(into.nginx_version).value();
    try {
        auto read = read_nginx_server(into.server_config, folder, version, into.family);
        into.nginx_version = nginx_conf::to_text(version);
        into.server = read.policy;
        into.nginx = std::move(read.server);
    } catch (const bad_input& failed) {
        refuse(*given(nginx_key::config), failed.what());
    }
}

void check_whole(const settings& out, const std::vector<assignment>& assignments, const catalogue& profiles) {
    const auto given = [&](std::string_view key) {
        return std::ranges::any_of(assignments, [&](const auto& one) {
            return one.key == key || (one.key == "skew" && key.starts_with("server."));
        });
    };
    if (!out.server_profile.empty() && profiles.server(out.server_profile).needs_timeout &&
        !given("server.keepalive_timeout"))
        throw bad_input(
            fmt::format("the profile '{}' has no built-in limit: set server.keepalive_timeout", out.server_profile));
    if (!out.client_profile.empty() && profiles.client(out.client_profile).needs_timeout &&
        !given("client.idle_timeout"))
        throw bad_input(
            fmt::format("the profile '{}' has no built-in limit: set client.idle_timeout", out.client_profile));
    if (out.scenario.jitter > out.scenario.gap)
        throw bad_input(fmt::format("scenario.jitter ({}) is longer than scenario.gap ({})",
                                    to_text(out.scenario.jitter), to_text(out.scenario.gap)));
}

}  // namespace

void check_key(const assignment& one) {
    const bool known = std::ranges::find(parameters(), one.key, &parameter::key) != parameters().end();
    if (known && one.key != nginx_key::digest) return;
    if (one.key.starts_with(server_sysctl) || one.key.starts_with(client_sysctl)) return;
    std::vector<std::string_view> names;
    for (const auto& each : parameters())
        names.push_back(each.key);
    const auto near = nearest_name(one.key, names);
    throw bad_input(fmt::format("{}unknown setting '{}'{}", one.where, one.key,
                                near.empty() ? "; expected server.*, client.*, scenario.*, link.family, link.delay, "
                                               "skew, sysctl.server.* or sysctl.client.*"
                                             : fmt::format("; did you mean '{}'?", near)));
}

settings resolve(const std::vector<assignment>& assignments, const catalogue& profiles,
                 const std::filesystem::path& folder) {
    auto ordered = assignments;
    std::ranges::stable_sort(ordered, std::less{}, rank);
    settings out;
    for (const auto& one : ordered) {
        try {
            apply(out, one, &profiles);
        } catch (const bad_input& failed) {
            const std::string_view text = failed.what();
            if (one.where.empty() || text.starts_with(one.where)) throw;
            throw bad_input(one.where + failed.what());
        }
    }
    read_nginx(out, ordered, folder);
    check_whole(out, ordered, profiles);
    return out;
}

void for_each_canonical(const settings& value, const std::function<void(std::string_view, const std::string&)>& visit) {
    for (const auto& one : parameters())
        if (const auto text = one.text(value)) visit(one.key, *text);
    // "sysctl." sorts behind every other prefix.
    for (const auto& [name, text] : value.client_sysctls)
        visit(std::string(client_sysctl) + name, text);
    for (const auto& [name, text] : value.server_sysctls)
        visit(std::string(server_sysctl) + name, text);
}

std::vector<std::pair<std::string, std::string>> canonical(const settings& value) {
    std::vector<std::pair<std::string, std::string>> out;
    out.reserve(parameters().size());
    for_each_canonical(value, [&](std::string_view name, const std::string& text) { out.emplace_back(name, text); });
    return out;
}

std::string canonical_text(const assignment& one) {
    check_key(one);
    if (one.key == "skew") {
        const auto skew = parse_skew(one);
        return (skew.negative ? "-" : "") + to_text(skew.value);
    }
    settings scratch;
    apply(scratch, one, nullptr);
    for (const auto& [name, text] : canonical(scratch))
        if (name == one.key) return text;
    return one.text;
}

}  // namespace firstfin::experiment
