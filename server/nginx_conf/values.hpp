#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/parse_error.hpp"

// nginx's own readings of values, limits included: 64-bit, as ngx_parse.c and ngx_string.c read them. "" is never a
// value.

namespace firstfin::nginx_conf {

using milliseconds = std::chrono::duration<std::int64_t, std::milli>;
using seconds = std::chrono::duration<std::int64_t>;

/// ngx_atoi: digits alone.
[[nodiscard]] std::optional<std::int64_t> parse_number(std::string_view text);
/// ngx_parse_size: bytes, k, m in either case.
[[nodiscard]] std::optional<std::int64_t> parse_size(std::string_view text);
/// ngx_parse_offset: the same and g.
[[nodiscard]] std::optional<std::int64_t> parse_offset(std::string_view text);
/// ngx_parse_time for settings kept in milliseconds: w d h m s ms, largest first, each at most once; a last number
/// without unit is seconds. No y, no M.
[[nodiscard]] std::optional<milliseconds> parse_milliseconds(std::string_view text);
/// ngx_parse_time for settings kept in seconds: y M w d h m s; no ms.
[[nodiscard]] std::optional<seconds> parse_seconds(std::string_view text);
/// "on" or "off" in any case.
[[nodiscard]] std::optional<bool> parse_flag(std::string_view text);

/// strcasecmp of ASCII, whatever the locale.
[[nodiscard]] bool same_ignoring_case(std::string_view one, std::string_view other);
[[nodiscard]] std::string lower_case(std::string_view text);

[[nodiscard]] inline bool has_variables(std::string_view text) {
    return text.find('$') != std::string_view::npos;
}
/// What ngx_http_script_compile dislikes about the variables of a text: an empty name, a missing bracket. Whether a
/// variable exists is not asked.
[[nodiscard]] std::optional<parse_error> check_variables(std::string_view text);

}  // namespace firstfin::nginx_conf
