#include <fmt/format.h>

#include "server/nginx_conf/checking.hpp"
#include "server/nginx_conf/upstream_value.hpp"

// Upstreams and what passes requests to them.

namespace firstfin::nginx_conf {

namespace {

/// An upstream and an address of the same name may not both exist when the address has a port.
void note_target(checking& all, const directive& one, const pass_target& target) {
    if (target.where.kind != address::family::name) return;
    auto& known = all.upstreams[lower_case(target.where.host)];
    if (!target.where.port_given) return;
    if (known.block != nullptr) {
        all.emerg(one, one.arguments[0],
                  fmt::format("upstream \"{}\" may not have port {}", target.where.host, target.where.port));
    } else if (known.first_with_port == nullptr) {
        known.first_with_port = &one;
        known.port = target.where.port;
    }
}

}  // namespace

void check_upstream(checking& all, const directive& one, block_scope& scope) {
    const auto& name = one.arguments[0];
    auto& known = all.upstreams[lower_case(name.text)];
    if (known.block != nullptr) {
        all.emerg(one, name, fmt::format("duplicate upstream \"{}\"", name.text));
    } else if (known.first_with_port != nullptr) {
        const auto& user = *known.first_with_port;
        all.emerg(one, user.arguments[0], fmt::format("upstream \"{}\" may not have port {}", name.text, known.port));
    }
    known.block = &one;
    block_scope inside;
    inside.where = context::upstream;
    inside.parent = &scope;
    inside.owner = &one;
    all.check_block(one.block, inside);
    if (inside.upstream_servers == 0) all.emerg_at_end(one, "no servers are inside upstream");
}

void check_upstream_server(checking& all, const directive& one, block_scope& scope) {
    ++scope.upstream_servers;
    const auto read = read_upstream_server(one, all.version);
    for (const auto& each : read.errors)
        all.emerg(one, word{{}, each.where}, each.text);
    if (!read.value || !read.value->backup || scope.takes_backup) return;
    all.emerg(one, one.arguments.back(), "balancing method does not support parameter \"backup\"");
}

void check_upstream_keepalive(checking& all, const directive& one, block_scope& scope) {
    if (!all.first_use(one, scope)) return;
    const auto& given = one.arguments[0];
    const bool may_be_off = all.version >= nginx_version{1, 29, 7};
    const auto number = parse_number(given.text);
    if (!number || (*number == 0 && !may_be_off))
        all.emerg(one, given, fmt::format("invalid value \"{}\" in \"keepalive\" directive", given.text));
    else if (one.arguments.size() == 2 && one.arguments[1].text != "local")
        all.emerg(one, one.arguments[1], fmt::format("invalid parameter \"{}\"", one.arguments[1].text));
    // Before 1.29.7 keepalive is itself taken for a balancing method: one that follows it is "redefined".
    if (!may_be_off) scope.balanced = true;
}

void check_balancing(checking& all, const directive& one, block_scope& scope) {
    if (scope.balanced) all.warn(one, one.name, "load balancing method redefined");
    scope.balanced = true;
    const auto& name = one.name.text;
    scope.takes_backup = name == "least_conn";
    if (name == "hash") {
        if (!all.variables_fine(one, one.arguments[0])) return;
        if (one.arguments.size() == 2 && one.arguments[1].text != "consistent")
            all.emerg(one, one.arguments[1], fmt::format("invalid parameter \"{}\"", one.arguments[1].text));
    } else if (name == "random" && !one.arguments.empty()) {
        if (one.arguments[0].text != "two")
            all.emerg(one, one.arguments[0], fmt::format("invalid parameter \"{}\"", one.arguments[0].text));
        else if (one.arguments.size() == 2 && one.arguments[1].text != "least_conn")
            all.emerg(one, one.arguments[1], fmt::format("invalid parameter \"{}\"", one.arguments[1].text));
    }
}

void check_proxy_pass(checking& all, const directive& one, block_scope& scope) {
    if (!all.first_use(one, scope)) return;
    const auto target = read_pass(one);
    if (!target) {
        all.emerg(one, one.arguments[0], target.error().message);
        return;
    }
    if (target->has_variables) return;
    note_target(all, one, *target);
    const bool has_no_prefix = scope.where != context::location || !scope.match || !scope.match->is_static();
    if (has_no_prefix && !target->where.uri.empty())
        all.emerg(one, one.arguments[0],
                  "\"proxy_pass\" cannot have URI part in location given by regular expression, or inside named "
                  "location, or inside \"if\" statement, or inside \"limit_except\" block");
}

void check_other_pass(checking& all, const directive& one, block_scope& scope) {
    if (!all.first_use(one, scope)) return;
    const auto target = read_pass(one);
    if (!target) {
        all.emerg(one, one.arguments[0], target.error().message);
        return;
    }
    if (target->has_variables) return;
    note_target(all, one, *target);
    if (target->where.port == 0 && target->where.kind != address::family::unix_socket)
        all.passes_without_port.push_back(&one);
}

}  // namespace firstfin::nginx_conf
