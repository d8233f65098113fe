#include "client/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <list>

#include "client/request_text.hpp"
#include "core/profile.hpp"

namespace firstfin::client {

namespace {

constexpr auto examples = R"(Examples:
  Be a client that closes after 115 s idle, and see who was first:
    firstfin-client --idle-timeout 115s http://127.0.0.1:8080/
  Behave like Firefox on 20 connections:
    firstfin-client --profile firefox --connections 20 http://127.0.0.1:8080/
  Ask every 5 s on a pooled connection, 10 times; send a lost request again:
    firstfin-client --scenario cadence --requests 10 --gap 5s --retry idempotent http://127.0.0.1:8080/
  Connect and stay silent:
    firstfin-client --requests 0 --unused-timeout never http://127.0.0.1:8080/
  Send bytes as a person in telnet would:
    firstfin-client --scenario raw --raw $'GET / HTTP/1.0\r\n\r\n' http://127.0.0.1:8080/

Durations: 65s, 300ms, 2m, never. It runs until every connection has ended; Ctrl-C closes them and tells what is known.
Exit code: 0 fine, 1 no connection, 2 wrong usage, 3 this machine lacks something, 4 interrupted.)";

/// An option for each field of a settings struct; the texts stay here until all of them are known.
template <class Settings>
class setting_options {
public:
    void add_to(CLI::App& app, const std::string& group,
                std::initializer_list<std::pair<std::string_view, std::string_view>> renamed) {
        const Settings defaults;
        for (const auto& each : fields_of(defaults)) {
            auto name = std::string(each.name);
            for (const auto& [from, to] : renamed)
                if (each.name == from) name = to;
            if (name.empty()) continue;
            std::ranges::replace(name, '_', '-');
            auto& slot = given_.emplace_back(&each, "--" + name, std::string{});
            app.add_option(slot.option, slot.text, std::string(each.meaning))
                ->group(group)
                ->default_str(each.write(defaults));
        }
    }

    /// The texts in the order of the fields, later ones over earlier ones.
    void apply(const CLI::App& app, Settings& settings) const {
        for (const auto& each : given_) {
            if (app.count(each.option) == 0) continue;
            if (const auto wrong = each.setting->read(settings, each.text))
                throw bad_input(fmt::format("{}: {}", each.option, wrong->message));
        }
    }

private:
    struct given {
        given(const field<Settings>* of, std::string name, std::string value)
            : setting(of), option(std::move(name)), text(std::move(value)) {}
        const field<Settings>* setting;
        std::string option;
        std::string text;
    };
    std::list<given> given_;  // CLI11 keeps references to the texts
};

client_policy policy_of(const std::string& profile_id, const CLI::App& app,
                        const setting_options<client_policy>& options) {
    client_policy policy;
    if (!profile_id.empty()) {
        const auto installed = catalogue::load_installed();
        const auto& chosen = installed.client(profile_id);
        policy = chosen.client.value();
        if (chosen.needs_timeout && app.count("--idle-timeout") == 0)
            throw bad_input(
                fmt::format("the profile '{}' has no limit of its own: give one with --idle-timeout", chosen.id));
    }
    auto given = policy;
    options.apply(app, given);
    // A new limit keeps the lateness of the profile's close window, unless the window was given too.
    if (app.count("--idle-timeout") > 0 && app.count("--close-window") == 0)
        given.close_window = with_idle_timeout(policy, given.idle_timeout).close_window;
    return given;
}

template <class Value>
Value whole_number(std::string_view option, const std::string& text) {
    const auto value = parse_whole_number(text);
    if (!value) throw bad_input(fmt::format("{}: {}", option, value.error().message));
    return *value;
}

firstfin::address source_of(const std::string& text) {
    if (text.empty()) return {};
    boost::system::error_code wrong;
    const auto out = boost::asio::ip::make_address(text, wrong);
    if (wrong) throw bad_input(fmt::format("--source: '{}' is not an IP address", text));
    return out;
}

}  // namespace

std::variant<by_hand_order, role_order, load_order, text_to_print> read_options(int count,
                                                                                const char* const* arguments) {
    CLI::App app("firstfin-client: an HTTP/1.1 client with a connection pool whose closing behaviour you choose.",
                 "firstfin-client");
    app.footer(examples);
    app.get_formatter()->column_width(34);
    std::string url;
    std::string profile_id;
    std::string connections = "1";
    std::string seed = "1";
    std::string source;
    bool role = false;
    bool load = false;
    bool json = false;
    app.add_option("url", url, "http://host[:port][/path]");
    app.add_option("--connections", connections, "connections to open")->default_str("1");
    app.add_option("--profile", profile_id,
                   "behave like this software, such as firefox; the options below change its policy");
    app.add_option("--source", source, "local address to connect from");
    app.add_option("--seed", seed, "for the draws from windows and jitter")->default_str("1");
    app.add_flag("--json", json, "print event lines instead of sentences");
    app.add_flag("--role", role, "be driven by firstfin: an order on standard input, events on standard output");
    app.add_flag("--load", load, "make load: an order on standard input, a report at the end; for firstfin bench");
    setting_options<client_policy> policy_options;
    policy_options.add_to(app, "Policy", {});
    setting_options<scenario> scenario_options;
    scenario_options.add_to(app, "Scenario", {{"kind", "scenario"}, {"path", ""}});

    try {
        app.parse(count, arguments);
    } catch (const CLI::CallForHelp&) {
        return text_to_print{app.help() + "\n"};
    } catch (const CLI::ParseError& wrong) {
        throw bad_input(fmt::format("{} (--help shows the options)", wrong.what()));
    }
    if (role) {
        if (count != 2) throw bad_input("--role takes no other arguments: its order comes on standard input");
        return role_order{};
    }
    if (load) {
        if (count != 2) throw bad_input("--load takes no other arguments: its order comes on standard input");
        return load_order{};
    }
    if (url.empty())
        throw bad_input("no URL given: expected for example http://127.0.0.1:8080/ (--help shows the options)");

    by_hand_order out;
    out.where = parse_target(url).value();
    out.policy = policy_of(profile_id, app, policy_options);
    scenario_options.apply(app, out.scenario);
    out.scenario.path = out.where.path;
    if (const auto wrong = why_unsendable(out.scenario)) throw bad_input(wrong->message);
    out.connections = whole_number<std::uint32_t>("--connections", connections);
    if (out.connections == 0) throw bad_input("--connections: at least 1 is needed");
    out.seed = whole_number<std::uint64_t>("--seed", seed);
    out.source = source_of(source);
    out.events_as_json = json;
    return out;
}

}  // namespace firstfin::client
