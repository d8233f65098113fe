#include "harness/experiment/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>

#include "core/toml_reading.hpp"
#include "harness/experiment/sweep.hpp"
#include "harness/measure/measure.hpp"

namespace firstfin::experiment {

namespace {

const toml::table& table_at(const toml::node& node, std::string_view what) {
    if (node.as_table() == nullptr) fail_at(node, fmt::format("{} must be a table", what));
    return *node.as_table();
}

void read_flat(const toml::table& table, const std::string& prefix, std::vector<assignment>& into) {
    for (const auto& [key, node] : table) {
        if (const auto* inner = node.as_table();
            inner != nullptr && prefix + std::string(key.str()) == "client.preference") {
            read_flat(*inner, "client.preference.", into);
            continue;
        }
        into.push_back({prefix + std::string(key.str()), text_of(node), where(node)});
        (void)canonical_text(into.back());  // a bad name or value is reported at its own line, before anything runs
    }
}

std::vector<std::string> axis_values(const std::string& key, const toml::node& node) {
    std::vector<std::string> texts;
    if (const auto* list = node.as_array()) {
        for (const auto& each : *list)
            texts.push_back(text_of(each));
    } else if (const auto* range = node.as_table()) {
        refuse_unknown_keys(*range, {"from", "to", "step"}, "a range");
        for (const auto* part : {"from", "to", "step"})
            if (range->get(part) == nullptr)
                fail_at(node, fmt::format("a range needs from, to and step; '{}' is missing", part));
        const auto expanded =
            expand_range(text_of(*range->get("from")), text_of(*range->get("to")), text_of(*range->get("step")));
        if (!expanded) fail_at(node, expanded.error().message);
        texts = *expanded;
    } else {
        fail_at(node, fmt::format("the axis '{}' needs a list of values or {{ from, to, step }}", key));
    }
    if (texts.empty()) fail_at(node, fmt::format("the axis '{}' is empty", key));
    for (auto& text : texts)
        text = canonical_text({key, text, where(node)});
    return texts;
}

axis read_axis(std::string_view key, const toml::node& node) {
    return {std::string(key), axis_values(std::string(key), node), where(node)};
}

/// Zipped axes may repeat a value beside different ones; alone, it would be the same cell twice.
axis read_lone_axis(std::string_view key, const toml::node& node) {
    auto out = read_axis(key, node);
    std::set<std::string_view> seen;
    for (const auto& value : out.values)
        if (!seen.insert(value).second) fail_at(node, fmt::format("the axis '{}' holds {} twice", key, value));
    return out;
}

void read_zip(const toml::node& node, std::vector<axis_group>& into) {
    const auto* groups = node.as_array();
    if (groups == nullptr) fail_at(node, "expected [[sweep.zip]] tables");
    for (const auto& group : *groups) {
        axis_group zipped;
        for (const auto& [key, values] : table_at(group, "[[sweep.zip]]"))
            zipped.push_back(read_axis(key.str(), values));
        if (zipped.empty()) fail_at(group, "a zip without axes");
        for (const auto& one : zipped)
            if (one.values.size() != zipped.front().values.size())
                fail_at(group,
                        fmt::format("zipped axes need the same number of values: '{}' has {}, '{}' has {}",
                                    zipped.front().key, zipped.front().values.size(), one.key, one.values.size()));
        into.push_back(std::move(zipped));
    }
}

// toml++ keeps tables sorted by name; the file's order decides which axis becomes rows and which columns.
void read_sweep(const toml::table& table, std::vector<axis_group>& into) {
    std::vector<std::pair<toml::source_position, const toml::node*>> order;
    for (const auto& [key, node] : table)
        order.emplace_back(key.source().begin, &node);
    std::ranges::sort(order, [](const auto& left, const auto& right) { return left.first < right.first; });
    for (const auto& [position, node] : order)
        for (const auto& [key, same] : table) {
            if (&same != node) continue;
            if (key.str() == "zip")
                read_zip(*node, into);
            else
                into.push_back({read_lone_axis(key.str(), *node)});
        }
}

double number_at(const toml::node& node, double least, double most) {
    const auto value = node.value<double>();
    if (!value || !(*value >= least) || *value > most)
        fail_at(node, fmt::format("expected a number from {} to {}", least, most));
    return *value;
}

bool truth_at(const toml::node& node) {
    const auto value = node.value<bool>();
    if (!value) fail_at(node, "expected true or false");
    return *value;
}

void read_run(const toml::table& table, experiment& into) {
    refuse_unknown_keys(table, {"replicates", "observe", "seed", "time_scale", "time_scale_fixed", "follow_tables"},
                        "[run]");
    if (const auto* node = table.get("time_scale_fixed")) into.time_scale_fixed = truth_at(*node);
    if (const auto* node = table.get("follow_tables")) into.follow_tables = truth_at(*node);
    if (const auto* node = table.get("replicates"))
        into.replicates = static_cast<std::uint32_t>(number_at(*node, 1, 1e6));
    if (const auto* node = table.get("seed")) into.seed = static_cast<std::uint64_t>(number_at(*node, 0, 9e15));
    if (const auto* node = table.get("time_scale")) into.time_scale = number_at(*node, 0.0001, 1000);
    if (const auto* node = table.get("observe")) {
        const auto value = parse_duration(text_of(*node));
        if (!value) fail_at(*node, value.error().message);
        into.observe = *value;
    }
}

store::expect_record read_expect(const toml::table& table) {
    refuse_unknown_keys(table,
                        {"when", "measure", "article", "today", "claim", "said", "because", "occurs", "not_shown"},
                        "[[expect]]");
    store::expect_record out;
    if (const auto* node = table.get("when"))
        for (const auto& [key, value] : table_at(*node, "when"))
            out.when.emplace_back(std::string(key.str()),
                                  canonical_text({std::string(key.str()), text_of(value), where(value)}));
    const auto text = [&](std::string_view key) {
        const auto* node = table.get(key);
        return node == nullptr ? std::string{} : text_of(*node);
    };
    out.claim = text("claim");
    out.said = text("said");
    out.because = text("because");
    out.not_shown = text("not_shown");
    if (const auto* node = table.get("occurs")) out.occurs = truth_at(*node);
    if (!out.not_shown.empty()) return out;
    if (const auto* node = table.get("measure")) {
        out.measure = text_of(*node);
        if (measure::find(out.measure) == nullptr)
            fail_at(*node, fmt::format("'{}' cannot be expected: use one of {}", out.measure, measure::names()));
    }
    const auto& measured = *measure::find(out.measure);
    const auto outcome = [&](std::string_view key) {
        const auto* node = table.get(key);
        if (node == nullptr) return std::string{};
        const auto value = text_of(*node);
        if (value == "undecided") return value;
        if (const auto wanted = measure::parse_expected(measured, value); !wanted)
            fail_at(*node, wanted.error().message);
        return value;
    };
    out.article = outcome("article");
    out.today = outcome("today");
    if (out.today.empty()) fail_at(table, "an [[expect]] needs `today`");
    return out;
}

std::string whole_text(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

}  // namespace

experiment read_experiment(const std::filesystem::path& file) {
    const auto document = read_toml_file(file);
    refuse_unknown_keys(document, {"title", "server", "client", "scenario", "link", "sysctl", "sweep", "run", "expect"},
                        "an experiment");
    experiment out;
    out.name = file.stem().string();
    out.text = whole_text(file);
    out.folder = file.parent_path();
    out.title = document["title"].value_or(out.name);
    for (const auto* section : {"server", "client", "scenario", "link"})
        if (const auto* node = document.get(section))
            read_flat(table_at(*node, fmt::format("[{}]", section)), std::string(section) + ".", out.base);
    if (const auto* node = document.get("sysctl")) {
        const auto& table = table_at(*node, "[sysctl]");
        refuse_unknown_keys(table, {"server", "client"}, "[sysctl]");
        for (const auto& [key, sysctls] : table)
            read_flat(table_at(sysctls, "[sysctl.server]"), fmt::format("sysctl.{}.", key.str()), out.base);
    }
    if (const auto* node = document.get("sweep")) read_sweep(table_at(*node, "[sweep]"), out.sweep);
    if (const auto* node = document.get("run")) read_run(table_at(*node, "[run]"), out);
    if (const auto* node = document.get("expect")) {
        const auto* list = node->as_array();
        if (list == nullptr) fail_at(*node, "expected [[expect]] tables");
        for (const auto& each : *list)
            out.expects.push_back(read_expect(table_at(each, "[[expect]]")));
    }
    return out;
}

experiment bare_experiment(const std::string& server_profile, const std::string& client_profile) {
    experiment out;
    out.name = fmt::format("{}-{}", server_profile.empty() ? "server" : server_profile,
                           client_profile.empty() ? "client" : client_profile);
    out.title = fmt::format("{} against {}", server_profile.empty() ? "the default server" : server_profile,
                            client_profile.empty() ? "the default client" : client_profile);
    return out;
}

void override_setting(experiment& into, const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        throw bad_input(fmt::format("--set {}: expected key=value, such as server.keepalive_timeout=120s", text));
    assignment one{text.substr(0, equals), text.substr(equals + 1), "--set: "};
    if (one.key == nginx_key::config && !one.text.empty() && !into.folder.empty())
        one.text = std::filesystem::relative(one.text, into.folder).string();
    (void)canonical_text(one);
    std::erase_if(into.base, [&](const auto& each) { return each.key == one.key; });
    for (auto& group : into.sweep)
        std::erase_if(group, [&](const auto& each) { return each.key == one.key; });
    std::erase_if(into.sweep, [](const auto& group) { return group.empty(); });
    into.base.push_back(one);
    into.text += fmt::format("\n# --set {}\n", text);
}

}  // namespace firstfin::experiment
