#pragma once

#include <string>

#include "core/endpoint.hpp"
#include "core/server_policy.hpp"

namespace firstfin {

/// One listener as somebody asked for it: on the command line, in a file, or in the harness's order.
struct listen_request {
    endpoint where;
    server_policy policy;
    std::string name;  ///< what the `listening` event repeats
};

/// Reads one setting. The close window of a profile moves along with its idle limit.
[[nodiscard]] std::optional<parse_error> apply(const field<server_policy>& setting, std::string_view text,
                                               server_policy& policy);

/// The settings that differ from the defaults, and always the idle limit: for a person.
[[nodiscard]] std::string in_words(const server_policy& policy);

}  // namespace firstfin
