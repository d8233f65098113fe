#include <fmt/format.h>

#include "server/nginx_conf/checking.hpp"
#include "server/nginx_conf/condition.hpp"
#include "server/nginx_conf/values.hpp"

// The rewrite module: if, set, rewrite, return.

namespace firstfin::nginx_conf {

void check_if(checking& all, const directive& one, block_scope& scope) {
    const auto read = read_condition(one);
    if (!read) {
        all.emerg(one, one.arguments[read.error().argument], read.error().message);
        return;
    }
    // nginx takes everything up to the blank for the name, and misses the variable when http ends.
    if (const auto& name = (*read).variable; name.find_first_of("=~!") != std::string::npos)
        all.emerg_after(*all.http, one.arguments[0].where, 0,
                        fmt::format("unknown \"{}\" variable: blanks must stand around an operator", name));
    if (const auto& condition = *read; condition.right) {
        const bool is_pattern =
            condition.kind == condition_kind::matches || condition.kind == condition_kind::matches_no_case;
        if (is_pattern) {
            if (!all.pattern_compiles(one, *condition.right, condition.right->text,
                                      condition.kind == condition_kind::matches_no_case))
                return;
        } else if (!all.variables_fine(one, *condition.right)) {
            return;
        }
    }
    block_scope inside;
    inside.where = scope.where == context::server ? context::server_if : context::location_if;
    inside.parent = &scope;
    inside.owner = &one;
    inside.match = scope.match;
    all.check_block(one.block, inside);
}

void check_set(checking& all, const directive& one, block_scope&) {
    const auto& name = one.arguments[0];
    if (!name.text.starts_with('$')) {
        all.emerg(one, name, fmt::format("invalid variable name \"{}\"", name.text));
        return;
    }
    if (name.text.size() == 1) {
        all.emerg(one, name, "invalid variable name \"$\"");
        return;
    }
    (void)all.variables_fine(one, one.arguments[1]);
}

void check_rewrite(checking& all, const directive& one, block_scope&) {
    const auto& pattern = one.arguments[0];
    const auto& replacement = one.arguments[1];
    if (replacement.text.empty()) {
        all.emerg(one, replacement, "empty replacement");
        return;
    }
    if (!all.pattern_compiles(one, pattern, pattern.text, false)) return;
    if (one.arguments.size() == 3) {
        const auto& flag = one.arguments[2];
        if (flag.text != "last" && flag.text != "break" && flag.text != "redirect" && flag.text != "permanent") {
            all.emerg(one, flag, fmt::format("invalid parameter \"{}\"", flag.text));
            return;
        }
    }
    (void)all.variables_fine(one, replacement);
}

void check_return(checking& all, const directive& one, block_scope&) {
    const auto& first = one.arguments[0];
    const auto code = parse_number(first.text);
    if (!code) {
        const bool is_url = first.text.starts_with("http://") || first.text.starts_with("https://") ||
                            first.text.starts_with("$scheme");
        if (one.arguments.size() != 1 || !is_url)
            all.emerg(one, first, fmt::format("invalid return code \"{}\"", first.text));
        else
            (void)all.variables_fine(one, first);
        return;
    }
    if (*code > 999) {
        all.emerg(one, first, fmt::format("invalid return code \"{}\"", first.text));
        return;
    }
    if (one.arguments.size() == 2) (void)all.variables_fine(one, one.arguments[1]);
}

}  // namespace firstfin::nginx_conf
