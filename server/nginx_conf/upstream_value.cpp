#include "server/nginx_conf/upstream_value.hpp"

#include <fmt/format.h>

namespace firstfin::nginx_conf {

namespace {

constexpr nginx_version resolve_since{1, 27, 3};

/// True when the parameter is one of these and its value is fine.
bool read_parameter(std::string_view text, const nginx_version& version, upstream_server& into) {
    const auto number = [&](std::string_view name, std::int64_t& value, std::int64_t least) {
        const auto parsed = parse_number(text.substr(name.size()));
        if (parsed) value = *parsed;
        return parsed && *parsed >= least;
    };
    if (text.starts_with("weight=")) return number("weight=", into.weight, 1);
    if (text.starts_with("max_conns=")) return number("max_conns=", into.max_conns, 0);
    if (text.starts_with("max_fails=")) return number("max_fails=", into.max_fails, 0);
    if (text.starts_with("fail_timeout=")) {
        const auto parsed = parse_seconds(text.substr(13));
        if (parsed) into.fail_timeout = *parsed;
        return parsed.has_value();
    }
    if (text == "backup") return into.backup = true;
    if (text == "down") return into.down = true;
    if (version >= resolve_since) {
        if (text == "resolve") return into.resolve = true;
        if (text.starts_with("service=") || text.starts_with("route=")) return text.back() != '=';
    }
    return false;
}

}  // namespace

upstream_server_reading read_upstream_server(const directive& from, const nginx_version& version) {
    upstream_server_reading out;
    upstream_server value;
    const auto& first = from.arguments.front();
    value.text = first.text;
    value.origin = first.where;
    for (std::size_t i = 1; i < from.arguments.size(); ++i) {
        const auto& given = from.arguments[i];
        if (read_parameter(given.text, version, value)) continue;
        out.errors.push_back({given.where, fmt::format("invalid parameter \"{}\"", given.text)});
        return out;
    }
    const auto where = parse_upstream_address(first.text, 80, uri_part::refused);
    if (!where) {
        out.errors.push_back({first.where, fmt::format("{} in upstream \"{}\"", where.error().message, first.text)});
        return out;
    }
    value.where = *where;
    out.value = value;
    return out;
}

result<pass_target> read_pass(const directive& from) {
    pass_target out;
    out.text = from.arguments.front().text;
    out.has_variables = has_variables(out.text);
    if (out.has_variables) {
        if (const auto failed = check_variables(out.text)) return *failed;
        return out;
    }
    std::string_view rest = out.text;
    std::uint16_t default_port = 0;
    const auto scheme = [&](std::string_view name, std::uint16_t port) {
        const auto length = name.size() + 3;
        if (rest.size() < length || !same_ignoring_case(rest.substr(0, length), fmt::format("{}://", name)))
            return false;
        out.scheme = name;
        default_port = port;
        rest.remove_prefix(length);
        return true;
    };
    const auto& directive_name = from.name.text;
    if (directive_name == "proxy_pass") {
        if (!scheme("http", 80) && !scheme("https", 443)) return parse_error("invalid URL prefix");
    } else if (directive_name == "grpc_pass") {
        if (!scheme("grpc", 0)) (void)scheme("grpcs", 0);
    } else if (directive_name == "uwsgi_pass") {
        if (!scheme("uwsgi", 0)) (void)scheme("suwsgi", 0);
    }
    const auto uri = directive_name == "proxy_pass" ? uri_part::allowed : uri_part::refused;
    auto where = parse_upstream_address(rest, default_port, uri);
    if (!where) return parse_error(fmt::format("{} in upstream \"{}\"", where.error().message, rest));
    out.where = *where;
    return out;
}

}  // namespace firstfin::nginx_conf
