#include <iostream>

#include "core/parse_error.hpp"
#include "server/run.hpp"

int main(int argc, char** argv) {
    try {
        const auto asked = firstfin::read_command_line(argc, argv);
        if (asked && asked->test) return firstfin::test_configuration(*asked->test);
        if (asked) firstfin::run(*asked);
        return 0;
    } catch (const std::exception& failed) {
        std::cerr << "firstfin-server: " << failed.what() << '\n';
        return dynamic_cast<const firstfin::bad_input*>(&failed) != nullptr ? 2 : 3;
    }
}
