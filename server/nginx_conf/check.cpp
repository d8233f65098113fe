#include "server/nginx_conf/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "server/nginx_conf/checking.hpp"
#include "server/nginx_conf/lua_block.hpp"
#include "server/nginx_conf/regular_expression.hpp"

namespace firstfin::nginx_conf {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

template <class Take>
void for_each_name(std::string_view names, Take take) {
    while (!names.empty()) {
        const auto blank = names.find(' ');
        take(names.substr(0, blank));
        names.remove_prefix(blank == std::string_view::npos ? names.size() : blank + 1);
    }
}

bool is_one_of(std::string_view text, std::string_view names) {
    bool found = false;
    for_each_name(names, [&](std::string_view name) { found = found || same_ignoring_case(text, name); });
    return found;
}

void check_events(checking& all, const directive& one, block_scope& scope) {
    if (!all.first_use(one, scope)) return;
    block_scope inside;
    inside.where = context::events;
    inside.parent = &scope;
    inside.owner = &one;
    all.check_block(one.block, inside);
}

void check_http(checking& all, const directive& one, block_scope& scope) {
    if (!all.first_use(one, scope)) return;
    all.http = &one;
    all.log_formats = {"combined"};
    block_scope inside;
    inside.where = context::http;
    inside.parent = &scope;
    inside.owner = &one;
    all.check_block(one.block, inside);
    check_after_http(all, one);
}

void check_worker_processes(checking& all, const directive& one, block_scope& scope) {
    if (!all.first_use(one, scope)) return;
    const auto& given = one.arguments[0];
    if (given.text != "auto" && !parse_number(given.text))
        all.emerg(one, given, "\"worker_processes\" directive invalid value");
}

void check_worker_connections(checking& all, const directive& one, block_scope& scope) {
    if (!all.first_use(one, scope)) return;
    const auto& given = one.arguments[0];
    if (!parse_number(given.text)) all.emerg(one, given, fmt::format("invalid number \"{}\"", given.text));
}

void check_once(checking& all, const directive& one, block_scope& scope) {
    (void)all.first_use(one, scope);
}

struct special_entry {
    std::string_view name;
    special_check check;
};
constexpr auto special_checks = std::to_array<special_entry>({
    {"access_log", check_access_log},
    {"add_header", check_add_header},
    {"add_trailer", check_add_header},
    {"alias", check_root},
    {"allow", check_access},
    {"deny", check_access},
    {"error_log", check_error_log},
    {"error_page", check_error_page},
    {"events", check_events},
    {"fastcgi_pass", check_other_pass},
    {"geo", check_geo},
    {"grpc_pass", check_other_pass},
    {"hash", check_balancing},
    {"http", check_http},
    {"if", check_if},
    {"index", check_index},
    {"ip_hash", check_balancing},
    {"keepalive", check_upstream_keepalive},
    {"keepalive_timeout", check_keepalive_timeout},
    {"least_conn", check_balancing},
    {"limit_except", check_limit_except},
    {"listen", check_listen},
    {"location", check_location},
    {"log_format", check_log_format},
    {"map", check_map},
    {"memcached_pass", check_other_pass},
    {"proxy_pass", check_proxy_pass},
    {"random", check_balancing},
    {"resolver", check_once},
    {"return", check_return},
    {"rewrite", check_rewrite},
    {"root", check_root},
    {"scgi_pass", check_other_pass},
    {"server_name", check_server_name},
    {"set", check_set},
    {"split_clients", check_split_clients},
    {"try_files", check_try_files},
    {"types", check_types},
    {"upstream", check_upstream},
    {"use", check_once},
    {"user", check_once},
    {"uwsgi_pass", check_other_pass},
    {"worker_connections", check_worker_connections},
    {"worker_processes", check_worker_processes},
});
static_assert(std::ranges::is_sorted(special_checks, {}, &special_entry::name));

}  // namespace

special_check special_check_for(std::string_view name, context where) {
    if (name == "server") return where == context::upstream ? check_upstream_server : check_server;
    const auto found = std::ranges::lower_bound(special_checks, name, {}, &special_entry::name);
    return found != special_checks.end() && found->name == name ? found->check : nullptr;
}

void checking::add(severity level, const directive& of, position where, std::string text) {
    message what;
    what.level = level;
    what.where = where;
    what.nginx_line = of.head_end.line;
    what.order = of.head_order;
    what.text = std::move(text);
    out_.messages.push_back(std::move(what));
}

void checking::emerg_at_end(const directive& block, std::string text) {
    add(severity::emerg, block, block.name.where, std::move(text));
    out_.messages.back().nginx_line = block.block_end.line;
    out_.messages.back().order = block.end_order;
}

void checking::emerg_after(const directive& block, position about, std::uint32_t nginx_line, std::string text) {
    add(severity::emerg, block, about, std::move(text));
    out_.messages.back().nginx_line = nginx_line;
    out_.messages.back().order = block.end_order;
}

void checking::warn_after(const directive& block, position about, std::string text) {
    emerg_after(block, about, 0, std::move(text));
    out_.messages.back().level = severity::warn;
}

void checking::emerg_without_place(std::string text) {
    message what;
    what.order = ~0U;
    what.text = std::move(text);
    out_.messages.push_back(std::move(what));
}

void checking::unknown(const directive& of, std::string text) {
    add(severity::note, of, of.name.where, std::move(text));
    out_.messages.back().unknown_directive = true;
    ++out_.unknown_directives;
}

bool checking::first_use(const directive& of, block_scope& scope) {
    // A rule is named by its place in the table: all of one name share the first one's.
    if (scope.used.insert(rules_for(of.name.text).data()).second) return true;
    emerg(of, of.name, fmt::format("\"{}\" directive is duplicate", of.name.text));
    return false;
}

bool checking::variables_fine(const directive& of, const word& text) {
    const auto failed = check_variables(text.text);
    if (failed) emerg(of, text, failed->message);
    return !failed;
}

bool checking::pattern_compiles(const directive& of, const word& about, const std::string& pattern, bool ignore_case) {
    const auto compiled =
        regular_expression::compile(pattern, ignore_case ? letter_case::ignored : letter_case::matters);
    if (!compiled) emerg(of, about, compiled.error().message);
    return compiled.has_value();
}

void checking::check_block(const std::vector<directive>& block, block_scope& scope) {
    for (const auto& each : block)
        check_directive(each, scope);
}

void checking::check_directive(const directive& one, block_scope& scope) {
    const auto& name = one.name.text;
    if (name.starts_with(byte_order_mark)) {
        emerg(one, one.name,
              fmt::format("unknown directive \"{}\": the file begins with a byte order mark (EF BB BF), which nginx "
                          "takes as part of the first word; save it as UTF-8 without one",
                          name));
        return;
    }
    const auto rules = rules_for(name);
    if (rules.empty()) {
        unknown(one, fmt::format("unknown directive \"{}\"{}", name,
                                 holds_lua(name) ? " (its Lua is skipped)"
                                 : one.has_block ? " (its block is not looked into)"
                                                 : ""));
        return;
    }
    const directive_rule* rule = nullptr;
    const directive_rule* unknown_to_version = nullptr;
    for (const auto& each : rules) {
        if (!each.known_to(version)) {
            if (unknown_to_version == nullptr) unknown_to_version = &each;
        } else if (rule == nullptr || (!rule->allowed_in(scope.where) && each.allowed_in(scope.where))) {
            rule = &each;
        }
    }
    if (rule == nullptr) {
        const bool too_young = version < unknown_to_version->since;
        unknown(one, fmt::format("unknown directive \"{}\": it {} nginx {}, and {} is asked for", name,
                                 too_young ? "came with" : "was removed in",
                                 to_text(too_young ? unknown_to_version->since : unknown_to_version->gone),
                                 to_text(version)));
        return;
    }
    if (!rule->allowed_in(scope.where)) {
        emerg(one, one.name, fmt::format("\"{}\" directive is not allowed here", name));
        return;
    }
    if (one.has_block && !rule->block) {
        emerg(one, one.name, fmt::format("directive \"{}\" is not terminated by \";\"", name));
        return;
    }
    if (!one.has_block && rule->block) {
        emerg(one, one.name, fmt::format("directive \"{}\" has no opening \"{{\"", name));
        return;
    }
    if (!rule->takes(one.arguments.size())) {
        emerg(one, one.name, fmt::format("invalid number of arguments in \"{}\" directive", name));
        return;
    }
    check_value(one, *rule, scope);
}

void checking::check_value(const directive& one, const directive_rule& rule, block_scope& scope) {
    if (rule.kind == value_kind::special) {
        if (const auto special = special_check_for(rule.name, scope.where)) special(*this, one, scope);
        return;
    }
    const bool many = rule.kind == value_kind::some_of || rule.kind == value_kind::list ||
                      rule.kind == value_kind::conditions || rule.kind == value_kind::any;
    if (!many && !first_use(one, scope)) return;
    check_words(one, rule);
}

void checking::check_words(const directive& one, const directive_rule& rule) {
    const auto refuse = [&](const word& about, std::string_view why) {
        emerg(one, about, fmt::format("\"{}\" directive {}", rule.name, why));
    };
    if (one.arguments.empty()) return;
    const auto& first = one.arguments.front();
    switch (rule.kind) {
        case value_kind::flag:
            if (!parse_flag(first.text))
                emerg(one, first,
                      fmt::format("invalid value \"{}\" in \"{}\" directive, it must be \"on\" or \"off\"", first.text,
                                  rule.name));
            break;
        case value_kind::number: {
            const auto number = parse_number(first.text);
            if (!number) return refuse(first, "invalid number");
            if (const auto dots = rule.names.find(".."); dots != std::string_view::npos) {
                const auto low = *parse_number(rule.names.substr(0, dots));
                const auto high = *parse_number(rule.names.substr(dots + 2));
                if (*number < low || *number > high)
                    emerg(one, first, fmt::format("value must be between {} and {}", low, high));
            }
            break;
        }
        case value_kind::size:
            if (!parse_size(first.text)) refuse(first, "invalid value");
            break;
        case value_kind::offset:
            if (!parse_offset(first.text)) refuse(first, "invalid value");
            break;
        case value_kind::msec:
            if (!parse_milliseconds(first.text)) refuse(first, "invalid value");
            break;
        case value_kind::sec:
            if (!parse_seconds(first.text)) refuse(first, "invalid value");
            break;
        case value_kind::one_of:
            if (!is_one_of(first.text, rule.names)) emerg(one, first, fmt::format("invalid value \"{}\"", first.text));
            break;
        case value_kind::some_of:
            for (const auto& each : one.arguments)
                if (!is_one_of(each.text, rule.names)) {
                    emerg(one, each, fmt::format("invalid value \"{}\"", each.text));
                    break;
                }
            break;
        case value_kind::buffers: {
            const auto number = parse_number(first.text);
            if (!number || *number == 0) return refuse(first, "invalid value");
            const auto size = parse_size(one.arguments[1].text);
            if (!size || *size == 0) refuse(one.arguments[1], "invalid value");
            break;
        }
        case value_kind::variables:
        case value_kind::conditions:
            for (const auto& each : one.arguments)
                if (!variables_fine(one, each)) break;
            break;
        case value_kind::var_size:
            if (has_variables(first.text))
                (void)variables_fine(one, first);
            else if (!parse_size(first.text))
                refuse(first, "invalid value");
            break;
        case value_kind::special:
        case value_kind::text:
        case value_kind::list:
        case value_kind::once:
        case value_kind::any:
            break;
    }
}

void check(configuration& read, const nginx_version& version) {
    checking all(read, version);
    block_scope main;
    all.check_block(read.tree, main);
    const auto is_events = [](const directive& each) { return each.name.text == "events"; };
    // Without its main file a configuration has nothing that could miss a section.
    if (!read.files.empty() && std::ranges::none_of(read.tree, is_events))
        all.emerg_without_place("no \"events\" section in configuration");
}

}  // namespace firstfin::nginx_conf
