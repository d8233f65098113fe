#include <fmt/format.h>

#include "core/parse_error.hpp"
#include "harness/subjects/browser_start.hpp"
#include "harness/subjects/plain_requests.hpp"
#include "harness/subjects/scripts.hpp"

namespace firstfin::subjects {

namespace {

bool is_preference_value(std::string_view text) {
    if (text == "true" || text == "false") return true;
    const auto digits = text.starts_with('-') ? text.substr(1) : text;
    if (!digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos) return true;
    return text.size() >= 2 && text.front() == '"' && text.back() == '"' &&
           text.substr(1, text.size() - 2).find_first_of("\"\\\n\r") == std::string_view::npos;
}

std::string preference(std::string_view name, std::string_view value) {
    if (name.empty() || name.find_first_of("\"\\\n\r") != std::string_view::npos)
        throw bad_input(fmt::format("'{}' is not the name of a preference", name));
    if (!is_preference_value(value))
        throw bad_input(fmt::format("preference {}: '{}' is not true, false, a whole number or a text in double quotes",
                                    name, value));
    return fmt::format("user_pref(\"{}\", {});\n", name, value);
}

std::string user_js(const client_request& of) {
    std::string out(script("clients/scripts/firefox_user.js"));
    const auto limit = told_idle_timeout("Firefox", of, without_limit::impossible);
    if (!limit.empty()) {
        if (limit.find('.') != std::string::npos)
            throw bad_input(fmt::format("Firefox counts whole seconds: client.idle_timeout = \"{}\" is none",
                                        to_text(of.policy.idle_timeout)));
        out += preference("network.http.keep-alive.timeout", limit);
    }
    for (const auto& [name, value] : of.preferences)
        out += preference(name, value);
    return out;
}

launch prepare(const client_request& of) {
    expect_one_get("Firefox", of);
    launch out;
    // The scratch folder is home and profile in one.
    out.arguments = {"--headless", "--no-remote", "--new-instance", "--profile", of.folder};
    out.environment = {{"MOZ_CRASHREPORTER_DISABLE", "1"},
                       // Otherwise it does not let itself be told another server of settings, such as none.
                       {"MOZ_REMOTE_SETTINGS_DEVTOOLS", "1"},
                       {"XAUTHORITY", of.folder + "/none"},  // of another user it would keep root from starting
                       {"XDG_CACHE_HOME", of.folder},
                       {"XDG_CONFIG_HOME", of.folder},
                       {"XDG_RUNTIME_DIR", of.folder}};
    out.files = {{"user.js", user_js(of)}};
    start_at_age(out, of, of.age);
    return out;
}

}  // namespace

client_subject firefox() {
    return {.id = "firefox",
            .name = "Firefox",
            .profile = "firefox",
            .comes_from = {.programs = {"firefox-esr", "firefox"},
                           .packages = {"firefox-esr"},
                           .version_arguments = {"--version"}},
            .takes = {"idle_timeout"},
            .plays = {scenario_kind::idle},
            .has_age = true,
            .has_preferences = true,
            .memory = 300 << 20,                 // 250 MB, and up to 40 MB of profile
            .spacing = std::chrono::seconds(3),  // a start costs that much processor time
            .patience = std::chrono::seconds(60),
            .prepare = prepare};
}

}  // namespace firstfin::subjects
