#pragma once

#include <string_view>

#include "core/duration.hpp"

namespace firstfin::client {

/// The N of `Keep-Alive: timeout=N`; zero when the field says nothing of the kind. Parameters come in any order and
/// case.
[[nodiscard]] duration keep_alive_hint(std::string_view field_value);

}  // namespace firstfin::client
