#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "client/by_hand.hpp"
#include "client/load/run.hpp"
#include "client/options.hpp"
#include "client/role.hpp"
#include "core/descriptor_limit.hpp"
#include "core/parse_error.hpp"

namespace {

using namespace firstfin;

int run(const client::by_hand_order& asked) {
    return client::run_by_hand(asked);
}

int run(const client::role_order&) {
    return client::play_role();
}

int run(const client::load_order&) {
    return load::play_load();
}

int run(const client::text_to_print& what) {
    fmt::print("{}", what.text);
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    // A reader that goes away is an error of the next write, not the end of the process in mid-sentence.
    std::signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    try {
        return std::visit([](const auto& asked) { return run(asked); }, client::read_options(count, arguments));
    } catch (const std::exception& failed) {
        fmt::print(stderr, "firstfin-client: {}\n", failed.what());
        return dynamic_cast<const bad_input*>(&failed) != nullptr ? 2 : 3;
    }
}
