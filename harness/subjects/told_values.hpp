#pragma once

#include <string>
#include <string_view>

#include "core/duration.hpp"
#include "harness/subjects/subject.hpp"

// How limits are written for programs of others. What a program cannot be told exactly is refused, never rounded: the
// report would name a limit that nobody had.

namespace firstfin::subjects {

/// What every server shows at every path. The icon keeps browsers from asking for one on a connection of its own.
inline constexpr std::string_view page = "<!doctype html><link rel=icon href=data:,><title>firstfin</title>it works\n";

/// For programs that know no "never": longer than anybody watches.
inline constexpr duration practically_never = std::chrono::hours(24 * 24);

[[nodiscard]] bool is_told(const server_request& of, std::string_view setting);

/// keepalive_timeout, "never" as `never`; those below take a limit from here.
[[nodiscard]] duration idle_limit(const server_request& of, duration never = practically_never);

/// As a whole number of `Unit`; `program` names it in the error.
template <class Unit>
[[nodiscard]] std::string whole(duration limit, std::string_view program);
extern template std::string whole<std::chrono::seconds>(duration, std::string_view);
extern template std::string whole<std::chrono::milliseconds>(duration, std::string_view);

/// "1.5": seconds with their fraction.
[[nodiscard]] std::string decimal_seconds(duration limit);

/// For programs that understand 0 as something else than "close after every response".
void refuse_zero(duration limit, std::string_view program, std::string_view meaning);

}  // namespace firstfin::subjects
