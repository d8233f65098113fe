#pragma once

#include <cstdint>

namespace firstfin::nginx_conf {

/// A place in the text of a configuration. Lines and columns count from 1; columns count bytes.
struct position {
    std::uint32_t file = 0;  ///< index into configuration::files
    std::uint32_t line = 0;  ///< 0: nowhere, see is_known()
    std::uint32_t column = 0;

    [[nodiscard]] constexpr bool is_known() const { return line != 0; }
    friend constexpr bool operator==(const position&, const position&) = default;
};

}  // namespace firstfin::nginx_conf
