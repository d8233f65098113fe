#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace firstfin::nginx_conf {

/// Is this the name of a directive of the Lua modules whose block holds Lua, not directives?
[[nodiscard]] constexpr bool holds_lua(std::string_view name) {
    return name.ends_with("_by_lua_block");
}

/// Bytes before the "}" that closes a block whose "{" was just read, by Lua's rules; nothing when it is never closed.
[[nodiscard]] std::optional<std::size_t> lua_block_length(std::string_view text);

}  // namespace firstfin::nginx_conf
