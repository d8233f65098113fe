#pragma once

#include <string>

#include "server/nginx_conf/nginx_version.hpp"

namespace firstfin {

/// firstfin-server -t and -T.
struct configuration_test {
    std::string path;
    std::string prefix;
    std::string directives;  ///< -g
    bool dumps = false;      ///< also print every file read, on standard output
    bool quiet = false;      ///< nothing but errors
    nginx_conf::nginx_version version = nginx_conf::newest_known;
};

/// Prints messages and verdict on standard error, as nginx -t does; answers the exit code: 0 fine, 1 refused.
[[nodiscard]] int test_configuration(const configuration_test& asked);

}  // namespace firstfin
