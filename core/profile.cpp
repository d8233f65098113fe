#include "core/profile.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "core/toml_reading.hpp"

namespace firstfin {

namespace {

namespace fs = std::filesystem;

duration seconds_at(const toml::node& node) {
    constexpr double century = 100.0 * 365 * 24 * 3600;
    const auto seconds = node.value<double>();
    if (!seconds || !(*seconds >= 0 && *seconds <= century)) fail_at(node, "expected a number of seconds, 0 or more");
    return scaled(std::chrono::seconds(1), *seconds);
}

std::string text_at(const toml::table& row, std::string_view key) {
    const auto* node = row.get(key);
    return node == nullptr ? std::string{} : text_of(*node);
}

template <class Enum>
Enum enum_at(const toml::table& row, std::string_view key, Enum fallback) {
    const auto* node = row.get(key);
    if (node == nullptr) return fallback;
    const auto value = parse_enum<Enum>(text_of(*node));
    if (!value) fail_at(*node, value.error().message);
    return *value;
}

bool flag_at(const toml::table& row, std::string_view key) {
    const auto* node = row.get(key);
    if (node == nullptr) return false;
    if (!node->is_boolean()) fail_at(*node, "expected true or false");
    return node->as_boolean()->get();
}

count_limit count_at(const toml::table& row, std::string_view key) {
    const auto* node = row.get(key);
    if (node == nullptr) return count_limit::unlimited();
    const auto count = node->value_exact<std::int64_t>();
    if (!count || *count < 1 || *count > std::numeric_limits<std::uint32_t>::max())
        fail_at(*node, "expected a whole number, 1 or more");
    return {static_cast<std::uint32_t>(*count)};
}

/// "never", a number, or not known (zero limit, needs_timeout).
time_limit limit_of(const toml::table& row, bool& needs_timeout) {
    if (flag_at(row, "never")) return time_limit::never();
    const auto* node = row.get("idle_timeout_s");
    needs_timeout = node == nullptr;
    return node == nullptr ? time_limit::never() : time_limit(seconds_at(*node));
}

std::optional<time_window> window_of(const toml::table& row) {
    const auto* node = row.get("close_window_s");
    if (node == nullptr) return std::nullopt;
    const auto* pair = node->as_array();
    if (pair == nullptr || pair->size() != 2) fail_at(*node, "expected [earliest, latest] in seconds");
    const time_window window{seconds_at((*pair)[0]), seconds_at((*pair)[1])};
    if (window.latest < window.earliest) fail_at(*node, "the window ends before it begins");
    return window;
}

std::vector<duration> closes_of(const toml::table& row) {
    std::vector<duration> out;
    const auto* node = row.get("measured_close_s");
    if (node == nullptr) return out;
    const auto* list = node->as_array();
    if (list == nullptr) fail_at(*node, "expected a list of seconds");
    if (row.get("measured_conditions") == nullptr) fail_at(*node, "measurements need their measured_conditions");
    for (const auto& each : *list)
        out.push_back(seconds_at(each));
    return out;
}

client_policy client_of(const toml::table& row, bool& needs_timeout) {
    client_policy policy;
    policy.idle_timeout = limit_of(row, needs_timeout);
    policy.mode = enum_at(row, "close_mode", close_mode::timer);
    policy.close_window = window_of(row);
    if (flag_at(row, "honours_keep_alive_hint"))
        policy.hint = flag_at(row, "hint_shortens_only") ? hint_use::shorten : hint_use::follow;
    if (const auto* node = row.get("hint_slack_s")) policy.hint_slack = seconds_at(*node);
    if (const auto* node = row.get("hint_cap_s")) policy.hint_cap = seconds_at(*node);
    if (const auto* node = row.get("unused_timeout_s")) policy.unused_timeout = seconds_at(*node);
    policy.max_requests = count_at(row, "max_requests");
    policy.retry = enum_at(row, "retry", retry_rule::none);
    policy.notices_fin = enum_at(row, "notices_fin", fin_notice::at_once);
    policy.close_style = enum_at(row, "closes_with", client_close_style::fin);
    return policy;
}

server_policy server_of(const toml::table& row, bool& needs_timeout) {
    server_policy policy;
    policy.keepalive_timeout = limit_of(row, needs_timeout);
    policy.close_window = window_of(row);
    policy.keepalive_requests = count_at(row, "max_requests");
    policy.keepalive_time = time_limit::never();
    if (const auto* node = row.get("sends_hint_s")) policy.keepalive_hint = seconds_at(*node);
    return policy;
}

int layer_of(const toml::table& row) {
    const auto* node = row.get("layer");
    if (node == nullptr) return 7;
    const auto layer = node->value_exact<std::int64_t>();
    if (layer != 4 && layer != 7) fail_at(*node, "expected 4 (forwards segments) or 7 (speaks HTTP)");
    return static_cast<int>(*layer);
}

profile read_profile(const toml::table& row) {
    refuse_unknown_keys(row,
                        {"id",
                         "name",
                         "role",
                         "layer",
                         "never",
                         "idle_timeout_s",
                         "close_mode",
                         "close_window_s",
                         "honours_keep_alive_hint",
                         "hint_slack_s",
                         "hint_shortens_only",
                         "hint_cap_s",
                         "unused_timeout_s",
                         "retry",
                         "retry_stale",
                         "notices_fin",
                         "closes_with",
                         "sends_hint_s",
                         "max_requests",
                         "checked_version",
                         "source",
                         "confidence",
                         "measured",
                         "measured_close_s",
                         "measured_conditions",
                         "note"},
                        "a profile");
    profile out;
    out.id = text_at(row, "id");
    if (out.id.empty()) fail_at(row, "a profile needs an id");
    out.name = text_at(row, "name");
    if (row.get("role") == nullptr)
        fail_at(row, "a profile needs a role: client, lb-upstream, lb-downstream or server");
    out.role = enum_at(row, "role", profile_role::client);
    out.layer = layer_of(row);
    out.checked_version = text_at(row, "checked_version");
    out.source = text_at(row, "source");
    out.confidence = text_at(row, "confidence");
    out.retry_is_known = row.get("retry") != nullptr;
    out.retry_stale = text_at(row, "retry_stale");
    out.measured = text_at(row, "measured");
    out.measured_closes = closes_of(row);
    out.measured_conditions = text_at(row, "measured_conditions");
    out.note = text_at(row, "note");
    if (out.role == profile_role::client || out.role == profile_role::lb_upstream)
        out.client = client_of(row, out.needs_timeout);
    else
        out.server = server_of(row, out.needs_timeout);
    return out;
}

}  // namespace

catalogue catalogue::load(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".toml") files.push_back(entry.path());
    std::ranges::sort(files);
    catalogue out;
    for (const auto& file : files) {
        const auto document = read_toml_file(file);
        refuse_unknown_keys(document, {"profile"}, "a profile file");
        const auto* rows = document["profile"].as_array();
        if (rows == nullptr) continue;
        for (const auto& row : *rows) {
            if (row.as_table() == nullptr) fail_at(row, "expected [[profile]] tables");
            auto read = read_profile(*row.as_table());
            if (std::ranges::find(out.profiles_, read.id, &profile::id) != out.profiles_.end())
                fail_at(row, fmt::format("the profile '{}' is defined twice", read.id));
            out.profiles_.push_back(std::move(read));
        }
    }
    return out;
}

catalogue catalogue::load_installed() {
    return load(experiments_folder() / "profiles");
}

const profile& catalogue::find(std::string_view id, std::string_view suffix, bool as_client) const {
    const auto family = std::string(id) + std::string(suffix);
    const profile* wrong_side = nullptr;
    for (const auto& wanted : {std::string(id), family})
        for (const auto& one : profiles_) {
            if (one.id != wanted) continue;
            if (one.client.has_value() == as_client) return one;
            wrong_side = &one;
        }
    const auto side = as_client ? "client" : "server";
    if (wrong_side != nullptr)
        throw bad_input(fmt::format("the profile '{}' is a {}: it cannot stand on the {}'s side", id,
                                    to_text(wrong_side->role), side));
    std::vector<std::string_view> names;
    for (const auto& one : profiles_)
        if (one.client.has_value() == as_client) names.push_back(one.id);
    const auto near = nearest_name(id, names);
    throw bad_input(fmt::format(
        "no {} profile is called '{}'{}", side, id,
        near.empty() ? fmt::format("; known: {}", fmt::join(names, ", ")) : fmt::format("; did you mean '{}'?", near)));
}

const profile& catalogue::client(std::string_view id) const {
    return find(id, "-upstream", true);
}
const profile& catalogue::server(std::string_view id) const {
    return find(id, "-downstream", false);
}

fs::path experiments_folder() {
    std::error_code unreadable;
    const auto program = fs::read_symlink("/proc/self/exe", unreadable);
    for (auto folder = program.parent_path(); !unreadable && folder != folder.root_path();
         folder = folder.parent_path())
        for (const auto& candidate : {folder / "experiments", folder / "share" / "firstfin" / "experiments"})
            if (fs::is_directory(candidate / "profiles")) return candidate;
    throw environment_lacks(fmt::format(
        "no experiments/profiles folder above {}: run from the source tree, or install with cmake --install",
        program.string()));
}

}  // namespace firstfin
