#pragma once

#include <string_view>

namespace firstfin {

/// Stored with every run: another version's run is not resumed.
inline constexpr std::string_view version = "0.1.0";

}  // namespace firstfin
