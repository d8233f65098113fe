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

/// A level around `wanted` clears the header; `wanted` itself is not asked.
bool cleared_around(const location_settings& level, const location_settings& wanted, bool cleared, bool& out) {
    for (const auto& one : level.nested) {
        const bool is_it = &one == &wanted ||
                           std::ranges::any_of(one.ifs, [&](const auto& block) { return &block.inside == &wanted; });
        if (is_it) {
            out = cleared || (&one != &wanted && clears_connection(one.values));
            return true;
        }
        if (cleared_around(one, wanted, cleared || clears_connection(one.values), out)) return true;
    }
    return false;
}

bool lost_by_inheritance(const nginx_conf::http_settings& all, const place& from) {
    bool out = false;
    const bool outside = clears_connection(all.values) || clears_connection(from.server->level.values);
    return cleared_around(from.server->level, *from.location, outside, out) && out;
}

/// What a map answers for a request whose header is not there; nothing when no map makes this variable.
std::optional<std::string> value_for_nothing(const nginx_conf::http_settings& all, std::string_view variable) {
    for (const auto& one : all.variables) {
        if (one.kind != "map" || one.variable != variable) continue;
        std::string otherwise;
        for (const auto& line : one.source.block) {
            const auto value = line.arguments.empty() ? std::string() : line.arguments.front().text;
            const auto& key = line.name.text;
            if (key.empty()) return value;
            if (key == "default") otherwise = value;
            if (!key.starts_with('~')) continue;
            const auto how =
                key.starts_with("~*") ? nginx_conf::letter_case::ignored : nginx_conf::letter_case::matters;
            const auto pattern =
                nginx_conf::regular_expression::compile(key.substr(key.starts_with("~*") ? 2 : 1), how);
            if (pattern && pattern->matches("")) return value;
        }
        return otherwise;
    }
    return std::nullopt;
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
        const auto name = connection.substr(connection.starts_with("${") ? 2 : 1);
        const auto mapped = value_for_nothing(all, name.substr(0, name.find('}')));
        return mapped && says(*mapped, "close") ? obstacle::connection_map : obstacle::none;
    }
    if (!says(connection, "close")) return obstacle::none;
    const bool by_default = connection_line(values) == nullptr;
    return by_default && lost_by_inheritance(all, from) ? obstacle::connection_lost : obstacle::connection_close;
}

}  // namespace

obstacle obstacle_at(const nginx_conf::http_settings& all, const place& from,
                     const nginx_conf::upstream_settings* block) {
    const auto& kind = from.location->pass_kind;
    if (from.location->pass->value.has_variables) return obstacle::unknown;
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

}  // namespace firstfin::validate
