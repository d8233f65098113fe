#include "server/config_file.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <map>

#include "core/profile.hpp"
#include "core/toml_reading.hpp"

namespace firstfin {

namespace {

/// Collects what is wrong, so that one run shows every mistake.
class complaints {
public:
    void add(const toml::source_region& at, std::string_view message) {
        lines_.emplace(at.begin, fmt::format("{}:{}:{}: {}", at.path ? *at.path : std::string("input"), at.begin.line,
                                             at.begin.column, message));
    }
    void throw_if_any() const {
        if (lines_.empty()) return;
        std::string all = "the configuration has mistakes:";
        for (const auto& [position, line] : lines_)
            all += "\n" + line;
        throw bad_input(all);
    }

private:
    std::multimap<toml::source_position, std::string> lines_;  // a table iterates by name, a person reads by line
};

/// In the order of the file; profiles and idle limits first, since the other settings refine them.
std::vector<std::pair<const toml::key*, const toml::node*>> entries_of(const toml::table& table) {
    std::vector<std::pair<const toml::key*, const toml::node*>> out;
    for (const auto& [key, node] : table)
        out.emplace_back(&key, &node);
    const auto place = [](std::string_view key) { return key == "profile" ? 0 : key == "keepalive_timeout" ? 1 : 2; };
    std::ranges::stable_sort(out, [&](const auto& left, const auto& right) {
        const auto& [left_key, left_node] = left;
        const auto& [right_key, right_node] = right;
        const auto left_place = place(left_key->str());
        const auto right_place = place(right_key->str());
        if (left_place != right_place) return left_place < right_place;
        return left_key->source().begin.line < right_key->source().begin.line;
    });
    return out;
}

std::string unknown_key(std::string_view key) {
    std::vector<std::string_view> names{"address", "profile"};
    for (const auto& each : fields_of(server_policy{}))
        names.push_back(each.name);
    const auto near = nearest_name(key, names);
    return fmt::format("unknown key '{}' in [[listen]]{}", key,
                       near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
}

std::optional<parse_error> read_address(const std::string& text, listen_request& into) {
    const auto where = parse_endpoint(text);
    if (!where) return where.error();
    into.where = *where;
    into.name = text;
    return std::nullopt;
}

std::optional<parse_error> read_profile(const std::string& id, const toml::table& table, listen_request& into) {
    try {
        const auto all = catalogue::load_installed();
        const auto& chosen = all.server(id);
        if (chosen.needs_timeout && !table.contains("keepalive_timeout"))
            return parse_error(
                fmt::format("the profile '{}' has no built-in limit: a keepalive_timeout is needed", chosen.id));
        into.policy = *chosen.server;
        return std::nullopt;
    } catch (const bad_input& unknown) {
        return parse_error(unknown.what());
    }
}

listen_request read_listener(const toml::table& table, complaints& wrong) {
    listen_request out;
    if (!table.contains("address"))
        wrong.add(table.source(), "a [[listen]] needs an address, such as address = \"127.0.0.1:8080\"");
    for (const auto& [key, node] : entries_of(table)) {
        const auto name = key->str();
        const auto fields = fields_of(out.policy);
        const auto setting = std::ranges::find(fields, name, &field<server_policy>::name);
        if (setting == fields.end() && name != "address" && name != "profile") {
            wrong.add(key->source(), unknown_key(name));
            continue;
        }
        if (!node->is_value()) {
            wrong.add(node->source(), fmt::format("{}: expected a string or a number", name));
            continue;
        }
        const auto text = text_of(*node);
        const auto failed = name == "address"   ? read_address(text, out)
                            : name == "profile" ? read_profile(text, table, out)
                                                : apply(*setting, text, out.policy);
        if (failed) wrong.add(node->source(), fmt::format("{}: {}", name, failed->message));
    }
    return out;
}

}  // namespace

std::vector<listen_request> read_config_file(const std::filesystem::path& file) {
    const auto document = read_toml_file(file);
    complaints wrong;
    std::vector<listen_request> out;
    for (const auto& [key, node] : document) {
        const auto* tables = node.as_array();
        if (key.str() != "listen" || tables == nullptr || !tables->is_homogeneous(toml::node_type::table)) {
            wrong.add(key.source(), fmt::format("'{}': expected [[listen]] tables and nothing else", key.str()));
            continue;
        }
        for (const auto& each : *tables)
            out.push_back(read_listener(*each.as_table(), wrong));
    }
    wrong.throw_if_any();
    if (out.empty()) throw bad_input(fmt::format("{}: no [[listen]] table: nothing to listen on", file.string()));
    return out;
}

}  // namespace firstfin
