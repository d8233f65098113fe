#include "harness/experiment/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "harness/experiment/fingerprint.hpp"
#include "harness/experiment/program_request.hpp"
#include "harness/subjects/registry.hpp"

namespace firstfin::experiment {

namespace {

constexpr std::string_view server_sysctl = "sysctl.server.";
constexpr std::string_view client_sysctl = "sysctl.client.";
constexpr std::string_view preference = "client.preference.";

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
    if (one.key.ends_with(".subject")) return -1;
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

/// What a program that the registry does not know is told beside the policy.
struct program_option {
    std::string_view key;
    std::string_view name;
    program_choice settings::*program;
};
constexpr std::array program_options{
    program_option{"server.command", "command", &settings::server_program},
    program_option{"server.template", "template", &settings::server_program},
    program_option{"client.command", "command", &settings::client_program},
};

const program_option* find_program_option(std::string_view key) {
    const auto found = std::ranges::find(program_options, key, &program_option::key);
    return found == program_options.end() ? nullptr : &*found;
}

template <class Settings>
void apply_field(Settings& into, std::string_view name, const assignment& one) {
    const auto* found = find_field(into, name);
    if (found == nullptr) check_key(one);
    refuse_if(one, found->read(into, one.text));
}

void apply(settings& into, const assignment& one, const catalogue* profiles) {
    const std::string_view key = one.key;
    if (key == "server.subject") {
        const auto& subject = subjects::find_server(one.text);
        into.server_program.id = one.text;
        if (profiles != nullptr && !subject.profile.empty()) into.server = *profiles->server(subject.profile).server;
    } else if (key == "client.subject") {
        const auto& subject = subjects::find_client(one.text);
        into.client_program.id = one.text;
        if (profiles != nullptr && !subject.profile.empty()) into.client = *profiles->client(subject.profile).client;
    } else if (key == "server.signal") {
        refuse_if(one, read_value(one.text, into.action.what));
    } else if (key == "server.signal_after") {
        refuse_if(one, read_value(one.text, into.action.after));
    } else if (key == "client.browser_age") {
        refuse_if(one, read_value(one.text, into.browser_age));
    } else if (const auto* option = find_program_option(key)) {
        if (one.text.empty()) refuse(one, "expected a text");
        (into.*option->program).options[std::string(option->name)] = one.text;
    } else if (key.starts_with(preference)) {
        into.client_preferences[std::string(key.substr(preference.size()))] = one.text;
    } else if (key == "server.profile") {
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

std::optional<std::string> told_text(const program_choice& of) {
    if (of.told.empty()) return std::nullopt;
    std::string out;
    for (const auto& [name, value] : of.told)
        out += (out.empty() ? "" : " ") + name;
    return out;
}

std::optional<std::string> option_text(const program_choice& of, std::string_view name) {
    const auto found = of.options.find(std::string(name));
    if (found == of.options.end()) return std::nullopt;
    if (found->second.find('\n') == std::string::npos) return found->second;
    fingerprint text;  // a whole file is no value for a table
    text.add(found->second);
    return "text " + text.hex();
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
        const auto add_of_program = [&](std::string key, program_choice settings::*program, auto text) {
            out.push_back({std::move(key), [program, text](const settings& of) -> std::optional<std::string> {
                               return of.*program ? text(of.*program) : std::nullopt;
                           }});
        };
        for (const auto& [side, program] :
             {std::pair{"server.", &settings::server_program}, std::pair{"client.", &settings::client_program}}) {
            add_of_program(std::string(side) + "subject", program,
                           [](const program_choice& of) { return std::optional(of.id); });
            // What it was told is what it may differ in from its defaults, though the value be the same.
            add_of_program(std::string(side) + "told", program, [](const program_choice& of) { return told_text(of); });
        }
        for (const auto& one : program_options)
            add_of_program(std::string(one.key), one.program,
                           [name = one.name](const program_choice& of) { return option_text(of, name); });
        out.push_back({"client.browser_age", [](const settings& of) {
                           return of.client_program ? std::optional(to_text(of.browser_age)) : std::nullopt;
                       }});
        out.push_back({"server.signal", [](const settings& of) {
                           return of.action ? std::optional(write_value(of.action.what)) : std::nullopt;
                       }});
        out.push_back({"server.signal_after", [](const settings& of) {
                           return of.action ? std::optional(to_text(of.action.after)) : std::nullopt;
                       }});
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

/// Told is what a person chose, by name; a skew chooses the server's limit.
void note_told(settings& into, const std::vector<assignment>& assignments) {
    const auto values = canonical(into);
    const auto note = [&](program_choice& program, std::string_view side, const assignment& one, std::string_view key) {
        if (!program || !key.starts_with(side)) return;
        const auto name = key.substr(side.size());
        const bool policy =
            side == "server." ? find_field(into.server, name) != nullptr : find_field(into.client, name) != nullptr;
        if (!policy) return;
        const auto& takes =
            side == "server." ? subjects::find_server(program.id).takes : subjects::find_client(program.id).takes;
        if (!takes.contains(name))
            refuse(one, takes.empty() ? fmt::format("{} has no such setting; it has none of these", program.id)
                                      : fmt::format("{} has no such setting; it can be told {}", program.id,
                                                    fmt::join(takes, ", ")));
        const auto value = std::ranges::find(values, key, &std::pair<std::string, std::string>::first);
        program.told[std::string(name)] = value->second;
    };
    for (const auto& one : assignments) {
        const std::string_view key = one.key == "skew" ? "server.keepalive_timeout" : std::string_view(one.key);
        note(into.server_program, "server.", one, key);
        note(into.client_program, "client.", one, key);
    }
}

/// A built-in policy has no operator: only what runs as a program can be told to reload or to quit.
void check_action(const settings& out, const std::vector<assignment>& assignments) {
    const auto given = [&](std::string_view key) { return std::ranges::find(assignments, key, &assignment::key); };
    const auto signal = given("server.signal");
    if (const auto after = given("server.signal_after"); after != assignments.end() && signal == assignments.end())
        refuse(*after, "says when: set server.signal too");
    if (!out.action || out.nginx) return;
    if (!out.server_program) refuse(*signal, "needs a server program or a server.config");
    const auto& subject = subjects::find_server(out.server_program.id);
    const bool knows =
        out.action.what == server_signal::reload ? subject.reload_signal.has_value() : subject.quit_signal.has_value();
    if (!knows) refuse(*signal, fmt::format("{} has no signal for that", subject.id));
}

/// What belongs to a program needs one that can do it.
void check_programs(const settings& out, const std::vector<assignment>& assignments) {
    const auto* client = out.client_program ? &subjects::find_client(out.client_program.id) : nullptr;
    for (const auto& one : assignments) {
        if (const auto* option = find_program_option(one.key); option && (out.*option->program).id != "command")
            refuse(one, "belongs to the subject 'command'");
        if (one.key == "client.browser_age" && !(client && client->has_age) && out.browser_age != duration::zero())
            refuse(one, "needs a client program whose first request can be put off, such as firefox");
        if (one.key.starts_with(preference) && !(client && client->has_preferences))
            refuse(one, "needs a client program with preferences, such as firefox");
        if (client && one.key == "scenario.kind" && !client->plays.contains(out.scenario.kind))
            refuse(one, fmt::format("{} cannot be made to do that", client->id));
    }
    if (const auto family = std::ranges::find(assignments, "link.family", &assignment::key);
        out.server_program && out.family == ip_family::ipv6)
        refuse(*family, fmt::format("{} is made to listen on IPv4 here", out.server_program.id));
    // What a program cannot do it says now, not in the middle of a run.
    const auto ask = [&](std::string_view key, const auto& prepare) {
        try {
            prepare();
        } catch (const bad_input& refused) {
            throw bad_input(std::ranges::find(assignments, key, &assignment::key)->where + refused.what());
        }
    };
    const std::string anywhere = "/mnt";
    if (out.server_program)
        ask("server.subject",
            [&] { (void)subjects::find_server(out.server_program.id).prepare(server_request_of(out, anywhere, 80)); });
    if (client)
        ask("client.subject", [&] { (void)client->prepare(client_request_of(out, anywhere, "127.0.0.1", 80)); });
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
    const bool follows = one.key == nginx_key::digest || one.key == "server.told" || one.key == "client.told";
    if (known && !follows) return;
    if (one.key.starts_with(preference) && one.key.size() > preference.size()) return;
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
    note_told(out, ordered);
    check_programs(out, ordered);
    check_action(out, ordered);
    check_whole(out, ordered, profiles);
    return out;
}

void for_each_canonical(const settings& value, const std::function<void(std::string_view, const std::string&)>& visit) {
    for (const auto& one : parameters())
        if (const auto text = one.text(value)) visit(one.key, *text);
    for (const auto& [name, text] : value.client_preferences)
        visit(std::string(preference) + name, text);
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
    if (!value.client_preferences.empty()) std::ranges::sort(out);
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
