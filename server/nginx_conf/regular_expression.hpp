#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/parse_error.hpp"

namespace firstfin::nginx_conf {

enum class letter_case : std::uint8_t { matters, ignored };

/// A pattern as nginx matches it: PCRE2, unanchored, over bytes. Cheap to copy; copies share the compiled pattern.
class regular_expression {
public:
    /// The error is PCRE's, in nginx's wording.
    [[nodiscard]] static result<regular_expression> compile(const std::string& pattern, letter_case how);

    [[nodiscard]] const std::string& pattern() const { return pattern_; }
    /// False also when PCRE gives up: nginx answers 500 then, which no lookup here can express.
    [[nodiscard]] bool matches(std::string_view subject) const;

private:
    regular_expression() = default;
    std::string pattern_;
    std::shared_ptr<const void> code_;
};

}  // namespace firstfin::nginx_conf
