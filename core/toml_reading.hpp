#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/parse_error.hpp"

namespace firstfin {

/// Reads a file, or throws bad_input as "file:line:column: what is wrong".
[[nodiscard]] toml::table read_toml_file(const std::filesystem::path& file);

/// "file:line:column: " of a node, for messages.
[[nodiscard]] std::string where(const toml::node& node);

/// Throws bad_input at the first key of `table` that is not in `known`, with the nearest known name.
void refuse_unknown_keys(const toml::table& table, std::initializer_list<std::string_view> known,
                         std::string_view what);

/// Throws bad_input at `node`.
[[noreturn]] void fail_at(const toml::node& node, std::string_view message);

/// A scalar as text: strings as they are, whole numbers and booleans in their usual form.
[[nodiscard]] std::string text_of(const toml::node& node);

}  // namespace firstfin
