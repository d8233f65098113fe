#include "harness/validate/upstream_connection.hpp"

#include <algorithm>

namespace firstfin::validate {

namespace {

using nginx_conf::header_line;
using nginx_conf::location_settings;
using nginx_conf::location_values;

const header_line* connection_line(const location_values& at) {
    const auto& lines = at.proxy_set_headers.value;
    const auto found = std::ranges::find_if(
        lines, [](const header_line& one) { return nginx_conf::same_ignoring_case(one.name, "connection"); });
    return found == lines.end() ? nullptr : &*found;
}

bool clears_connection(const location_values& at) {
    const auto* line = connection_line(at);
    return line != nullptr && line->value.empty();
}

/// The server's level, and the locations down to the one that is meant, or that holds the `if` that is meant.
bool find_levels(const location_settings& from, const location_settings& wanted,
                 std::vector<const location_settings*>& out) {
    out.push_back(&from);
    const auto holds_it = [&](const auto& block) { return &block.inside == &wanted; };
    if (&from == &wanted || std::ranges::any_of(from.ifs, holds_it)) return true;
    for (const auto& one : from.nested)
        if (find_levels(one, wanted, out)) return true;
    out.pop_back();
    return false;
}

std::vector<const location_settings*> levels_of(const place& from) {
    std::vector<const location_settings*> out;
    find_levels(from.server->level, *from.location, out);
    return out;
}

bool lost_by_inheritance(const nginx_conf::http_settings& all, const place& from) {
    auto outer = levels_of(from);
    if (!outer.empty()) outer.pop_back();
    return clears_connection(all.values) ||
           std::ranges::any_of(outer, [](const auto* one) { return clears_connection(one->values); });
}

struct map_answer {
    std::string value;
    const nginx_conf::directive* map = nullptr;
    const nginx_conf::directive* line = nullptr;  ///< with the empty key; null: the answer comes from elsewhere
};

bool matches_nothing(std::string_view key) {
    if (!key.starts_with('~')) return false;
    const bool ignores_case = key.starts_with("~*");
    const auto pattern = nginx_conf::regular_expression::compile(
        std::string(key.substr(ignores_case ? 2 : 1)),
        ignores_case ? nginx_conf::letter_case::ignored : nginx_conf::letter_case::matters);
    return pattern && pattern->matches("");
}

/// What a map answers for a request whose header is not there, as ngx_http_map_find has it: the empty key, or the first
/// pattern that matches nothing, or the default. No value when no map makes this variable.
std::optional<map_answer> answer_for_nothing(const nginx_conf::http_settings& all, std::string_view variable) {
    const auto found = std::ranges::find_if(
        all.variables, [&](const auto& one) { return one.kind == "map" && one.variable == variable; });
    if (found == all.variables.end()) return std::nullopt;
    const auto& lines = found->source.block;
    const auto value_of = [&](auto line) {
        return line == lines.end() || line->arguments.empty() ? std::string() : line->arguments.front().text;
    };
    const auto with_key = [&](auto fits) {
        return std::ranges::find_if(lines,
                                    [&](const auto& one) { return !one.arguments.empty() && fits(one.name.text); });
    };
    const auto empty = with_key([](const std::string& key) { return key.empty(); });
    if (empty != lines.end()) return map_answer{value_of(empty), &found->source, &*empty};
    const auto pattern = with_key(matches_nothing);
    if (pattern != lines.end()) return map_answer{value_of(pattern), &found->source};
    return map_answer{value_of(with_key([](const std::string& key) { return key == "default"; })), &found->source};
}

/// "$x" and "${x}" are x.
std::string_view variable_in(std::string_view value) {
    const auto name = value.substr(value.starts_with("${") ? 2 : 1);
    return name.substr(0, name.find('}'));
}

bool says(std::string_view value, std::string_view token) {
    return nginx_conf::lower_case(value).find(token) != std::string::npos;
}

obstacle http_obstacle(const nginx_conf::http_settings& all, const place& from) {
    const auto& values = from.values();
    const auto connection = nginx_conf::connection_to_upstream(values, all.version).value_or("");
    if (values.proxy_http_version.value == "1.0")
        return says(connection, "keep-alive") ? obstacle::none : obstacle::http_1_0;
    if (connection.starts_with('$')) {
        const auto mapped = answer_for_nothing(all, variable_in(connection));
        return mapped && says(mapped->value, "close") ? obstacle::connection_map : obstacle::none;
    }
    if (!says(connection, "close")) return obstacle::none;
    const bool by_default = connection_line(values) == nullptr;
    return by_default && lost_by_inheritance(all, from) ? obstacle::connection_lost : obstacle::connection_close;
}

}  // namespace

obstacle obstacle_at(const nginx_conf::http_settings& all, const place& from,
                     const nginx_conf::upstream_settings* block) {
    const auto& kind = from.location->pass_kind;
    if (from.location->pass->value.has_variables && block == nullptr) return obstacle::unknown;
    if (kind == "uwsgi_pass" || kind == "scgi_pass") return obstacle::protocol;
    if (block == nullptr) return obstacle::implicit;
    if (block->keepalive_lost) return obstacle::pool_lost;
    if (block->keepalive.value == 0) return obstacle::no_pool;
    if (kind == "fastcgi_pass") return from.values().fastcgi_keep_conn.value ? obstacle::none : obstacle::not_asked;
    return kind == "proxy_pass" ? http_obstacle(all, from) : obstacle::none;
}

nginx_conf::position obstacle_position(const place& from, const nginx_conf::upstream_settings* block, obstacle what) {
    const auto pass = from.location->pass->where;
    const auto& values = from.values();
    switch (what) {
        case obstacle::none:
            return {};
        case obstacle::no_pool:
        case obstacle::pool_lost:
            return block->keepalive.is_default() ? block->where : block->keepalive.where;
        case obstacle::http_1_0:
            return values.proxy_http_version.is_default() ? pass : values.proxy_http_version.where;
        case obstacle::connection_close:
        case obstacle::connection_map: {
            const auto* line = connection_line(values);
            return line == nullptr ? pass : line->where;
        }
        case obstacle::connection_lost:
            return values.proxy_set_headers.where;
        case obstacle::implicit:
        case obstacle::not_asked:
        case obstacle::protocol:
        case obstacle::unknown:
            return pass;
    }
    return pass;
}

nginx_conf::position location_of(const place& from) {
    const auto levels = levels_of(from);
    return levels.size() > 1 ? levels.back()->where : from.server->where;
}

std::optional<nginx_conf::position> level_of_headers(const nginx_conf::http_settings& all, const place& from) {
    const auto& lines = from.values().proxy_set_headers;
    if (lines.is_default()) return location_of(from);
    if (lines.where == all.values.proxy_set_headers.where) return std::nullopt;
    if (lines.where == from.server->level.values.proxy_set_headers.where) return from.server->where;
    for (const auto* one : levels_of(from))
        if (lines.where == one->values.proxy_set_headers.where) return one->where;
    return std::nullopt;
}

std::optional<change> empty_answer(const nginx_conf::http_settings& all, const place& from) {
    const auto connection = nginx_conf::connection_to_upstream(from.values(), all.version).value_or("");
    if (!connection.starts_with('$')) return std::nullopt;
    const auto mapped = answer_for_nothing(all, variable_in(connection));
    if (!mapped) return std::nullopt;
    if (mapped->line == nullptr) return change{change::kind::insert, mapped->map->name.where, "'' ''"};
    return change{change::kind::replace, mapped->line->name.where, "'' ''"};
}

}  // namespace firstfin::validate
