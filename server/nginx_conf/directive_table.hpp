#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "server/nginx_conf/nginx_version.hpp"

namespace firstfin::nginx_conf {

/// Where a directive may stand: one bit each.
enum class context : std::uint16_t {
    main = 1,
    events = 2,
    http = 4,
    server = 8,
    location = 16,
    server_if = 32,    ///< `if` directly in a server
    location_if = 64,  ///< `if` in a location
    limit_except = 128,
    upstream = 256,
};

/// How the arguments are read, and what a second use in the same block means.
enum class value_kind : std::uint8_t {
    special,     ///< a reader of its own (check_special.cpp), or none
    flag,        ///< on, off
    number,      ///< digits; `names` may hold bounds, "1..9"
    size,        ///< k, m
    offset,      ///< k, m, g
    msec,        ///< a time of milliseconds
    sec,         ///< a time of seconds
    text,        ///< anything, once
    one_of,      ///< one word of `names`
    some_of,     ///< words of `names`; uses add up
    buffers,     ///< a number and a size, neither 0
    variables,   ///< a text that may hold variables, once
    var_size,    ///< a size, or a text with variables
    list,        ///< one text a use, many uses
    conditions,  ///< texts with variables, many uses
    once,        ///< not looked at, once
    any,         ///< not looked at, many uses
};

struct directive_rule {
    std::string_view name;
    std::uint16_t contexts = 0;  ///< of context
    std::uint16_t counts = 0;    ///< bit n: n arguments are fine; bit 15: any larger number too
    value_kind kind = value_kind::special;
    bool block = false;
    std::string_view names = {};
    nginx_version since = oldest_known;
    nginx_version gone = {99, 0, 0};  ///< the first version without it

    [[nodiscard]] constexpr bool allowed_in(context where) const {
        return (contexts & static_cast<std::uint16_t>(where)) != 0;
    }
    [[nodiscard]] constexpr bool takes(std::size_t arguments) const {
        return arguments < 15 ? (counts >> arguments & 1U) != 0 : (counts >> 15U) != 0;
    }
    [[nodiscard]] constexpr bool known_to(const nginx_version& version) const {
        return since <= version && version < gone;
    }
};

/// All rules of one name, which may stand in several contexts with different meanings; empty for an unknown directive.
[[nodiscard]] std::span<const directive_rule> rules_for(std::string_view name);
/// All rules, by name.
[[nodiscard]] std::span<const directive_rule> all_rules();

}  // namespace firstfin::nginx_conf
