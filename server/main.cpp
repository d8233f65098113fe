#include <iostream>

#include "core/parse_error.hpp"
#include "server/run.hpp"

int main(int argc, char** argv) {
    try {
        const auto asked = firstfin::read_command_line(argc, argv);
        if (asked && !asked->prints.empty()) std::cerr << asked->prints << '\n';
        if (!asked || !asked->prints.empty()) return 0;
        if (asked->test) return firstfin::test_configuration(*asked->test);
        if (asked->as_nginx) return firstfin::nginx::run(*asked->as_nginx);
        firstfin::run(*asked);
        return 0;
    } catch (const std::exception& failed) {
        std::cerr << "firstfin-server: " << failed.what() << '\n';
        return dynamic_cast<const firstfin::bad_input*>(&failed) != nullptr ? 2 : 3;
    }
}
