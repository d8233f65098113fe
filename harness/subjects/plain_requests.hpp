#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/subjects/subject.hpp"

// What the adapters of client programs have in common: requests one after the other, no more and no less.

namespace firstfin::subjects {

[[nodiscard]] std::string url(const client_request& of);

/// As most programs read them: "0.25", "3600".
[[nodiscard]] std::string in_seconds(duration value);

/// Throws bad_input for what none of the programs can be asked: no request at all, and gaps that are drawn.
void expect_plain_requests(std::string_view program, const client_request& of);
/// Throws bad_input also for more than one request, and for other methods than GET.
void expect_one_get(std::string_view program, const client_request& of);

/// The idle timeout that was told, in seconds; empty: none was. "never" only where the program knows such a thing.
enum class without_limit { possible, impossible };
[[nodiscard]] std::string told_idle_timeout(std::string_view program, const client_request& of, without_limit never);

/// "--requests=2 --gap=1.5 --method=GET --idle-timeout=3 --last-says-close URL": as clients/scripts/ take them.
[[nodiscard]] std::vector<std::string> script_arguments(std::string_view program, const client_request& of,
                                                        without_limit never);

/// An interpreter that runs a file of clients/scripts/ from the scratch folder.
[[nodiscard]] launch running_script(std::string_view file, const client_request& of,
                                    std::vector<std::string> arguments);

}  // namespace firstfin::subjects
