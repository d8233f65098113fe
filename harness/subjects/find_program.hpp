#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/subjects/subject.hpp"

namespace firstfin::subjects {

/// In PATH, and where servers stand that users do not have in theirs; an absolute path stands for itself.
[[nodiscard]] std::optional<std::string> find_in_path(std::string_view name);

/// The first of its names that is there.
[[nodiscard]] std::optional<std::string> find_program(const installation& of);

/// The program that a command's first word names, as a shell would find it: a name is looked for in PATH, anything with
/// a slash is a file. Throws bad_input; `whose` is "server" or "client".
[[nodiscard]] std::string find_command(const std::string& word, std::string_view whose);

/// "install it: apt-get install --no-install-recommends firefox-esr"
[[nodiscard]] std::string remedy(const installation& of);

}  // namespace firstfin::subjects
