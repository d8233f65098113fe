#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "core/parse_error.hpp"

namespace firstfin::nginx_conf {

struct nginx_version {
    int major = 1;
    int minor = 31;
    int patch = 5;
    // clang-tidy 14 takes the 0 in there for a pointer: NOLINTNEXTLINE(modernize-use-nullptr)
    friend constexpr auto operator<=>(const nginx_version&, const nginx_version&) = default;
};

/// The range whose defaults and directives are known.
inline constexpr nginx_version oldest_known{1, 18, 0};
inline constexpr nginx_version newest_known{1, 31, 5};

/// "1.22.1" or "nginx/1.22.1"; "1.22" means 1.22.0. A version outside the range known is an error.
[[nodiscard]] result<nginx_version> parse_nginx_version(std::string_view text);
[[nodiscard]] std::string to_text(const nginx_version& version);

}  // namespace firstfin::nginx_conf
