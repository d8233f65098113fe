#pragma once

#include <optional>

#include "server/nginx_conf/directive.hpp"

namespace firstfin::nginx_conf {

enum class condition_kind : std::uint8_t {
    is_set,
    equals,
    matches,
    matches_no_case,
    is_file,
    is_folder,
    exists,
    is_executable
};

/// What stands in the brackets of `if`.
struct condition {
    condition_kind kind = condition_kind::is_set;
    bool negated = false;
    std::string variable;       ///< without its $; empty for tests of files
    std::optional<word> right;  ///< what it is compared with, or the path
};

struct condition_error {
    std::size_t argument = 0;  ///< index of the word
    std::string message;       ///< nginx's
};

class condition_reading {
public:
    condition_reading(condition value) : value_(std::move(value)) {}
    condition_reading(condition_error error) : error_(std::move(error)) {}
    explicit operator bool() const { return value_.has_value(); }
    const condition& operator*() const { return *value_; }
    [[nodiscard]] const condition_error& error() const { return *error_; }

private:
    std::optional<condition> value_;
    std::optional<condition_error> error_;
};

/// The words of an `if` (ngx_http_rewrite_if_condition). Patterns and variables are not looked at.
[[nodiscard]] condition_reading read_condition(const directive& if_directive);

}  // namespace firstfin::nginx_conf
