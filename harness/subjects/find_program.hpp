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

/// "install it: apt-get install --no-install-recommends firefox-esr"
[[nodiscard]] std::string remedy(const installation& of);

}  // namespace firstfin::subjects
