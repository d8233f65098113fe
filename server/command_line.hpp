#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/configuration_test.hpp"
#include "server/listen_request.hpp"
#include "server/nginx/master/invocation.hpp"

namespace firstfin {

struct command_line {
    enum class output { lines, json, nothing };

    bool role = false;  ///< the harness is asking: order on standard input, events on standard output
    std::vector<listen_request> listeners;
    output shows = output::lines;
    std::optional<nginx::invocation> as_nginx;  ///< serve an nginx configuration, or signal who does
    std::string prints;                         ///< -v, -V: this text on standard error, and no more
    std::optional<configuration_test> test;     ///< nothing is served: an nginx configuration is tested
};

/// Nothing when only help was asked for, and printed. Throws bad_input.
[[nodiscard]] std::optional<command_line> read_command_line(int argc, const char* const* argv);

}  // namespace firstfin
