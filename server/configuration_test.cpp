#include "server/configuration_test.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "server/nginx_conf/configuration.hpp"

namespace firstfin {

int test_configuration(const configuration_test& asked) {
    nginx_conf::reading_options options;
    options.version = asked.version;
    options.command_line = asked.directives;
    const auto read = nginx_conf::read_configuration(asked.path, asked.prefix, options);
    for (const auto& each : read.messages)
        fmt::print(stderr, "{}\n", read.in_words(each));
    const auto name = nginx_conf::printable(read.main_file().empty() ? asked.path : read.main_file());
    if (!read.is_valid()) {
        fmt::print(stderr, "firstfin-server: configuration file {} test failed\n", name);
        return 1;
    }
    if (read.unknown_directives != 0)
        fmt::print(stderr, "firstfin-server: an nginx {} without the modules of {} would refuse this file\n",
                   to_text(asked.version),
                   read.unknown_directives == 1 ? "that unknown directive"
                                                : fmt::format("those {} unknown directives", read.unknown_directives));
    if (!asked.quiet) {
        fmt::print(stderr, "firstfin-server: the configuration file {} syntax is ok\n", name);
        fmt::print(stderr, "firstfin-server: configuration file {} test is successful\n", name);
    }
    if (asked.dumps) fmt::print("{}", nginx_conf::dump(read));
    return 0;
}

}  // namespace firstfin
