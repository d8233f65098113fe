#pragma once

#include <string>
#include <string_view>

#include "harness/subjects/subject.hpp"

// What the adapters of server programs have in common.

namespace firstfin::subjects {

/// The page at every path. Browsers ask for no icon beside it.
[[nodiscard]] std::string_view page();

/// The limit that was told, in whole seconds. Throws bad_input for parts of a second and for "never" where the program
/// counts whole seconds and knows no such thing.
[[nodiscard]] std::string whole_seconds(std::string_view program, std::string_view setting, time_limit limit);
/// In milliseconds. Throws bad_input for parts of one, which nobody would get, and for "never".
[[nodiscard]] std::int64_t milliseconds(std::string_view program, std::string_view setting, time_limit limit);
/// For programs that take 0 for something else than "close after every response": throws bad_input, saying for what.
void refuse_zero(std::string_view program, std::string_view meaning, time_limit limit);
/// Throws bad_input for "unlimited".
[[nodiscard]] std::uint64_t requests(std::string_view program, count_limit limit);

}  // namespace firstfin::subjects
