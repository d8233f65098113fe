#pragma once

#include <string>
#include <string_view>

#include "core/parse_error.hpp"
#include "server/nginx_conf/directive.hpp"

namespace firstfin::nginx_conf {

enum class match_kind : std::uint8_t {
    exact,            ///< = /uri
    prefix,           ///< /uri
    prefix_final,     ///< ^~ /uri: no regular expression is tried afterwards
    pattern,          ///< ~ regex
    pattern_no_case,  ///< ~* regex
    named,            ///< @name
};

/// The words of a `location`: which URIs it is for.
struct location_match {
    match_kind kind = match_kind::prefix;
    std::string name;  ///< the URI, the pattern, or the name with its @

    [[nodiscard]] bool is_pattern() const { return kind == match_kind::pattern || kind == match_kind::pattern_no_case; }
    [[nodiscard]] bool is_static() const { return !is_pattern() && kind != match_kind::named; }
};

/// One or two words ("=/uri" is "= /uri"); the error is nginx's.
[[nodiscard]] result<location_match> read_location_match(const directive& location);

}  // namespace firstfin::nginx_conf
