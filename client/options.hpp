#pragma once

#include <optional>
#include <string>
#include <variant>

#include "client/target.hpp"
#include "core/client_policy.hpp"
#include "core/scenario.hpp"

namespace firstfin::client {

/// What a person asked for on the command line.
struct by_hand_order {
    target where;
    client_policy policy;
    firstfin::scenario scenario;
    std::uint32_t connections = 1;
    std::uint64_t seed = 1;
    firstfin::address source;  ///< unspecified: the kernel chooses
    bool events_as_json = false;
};

struct role_order {};
struct load_order {};
struct text_to_print {
    std::string text;
};

/// Throws bad_input for anything a user must mend.
[[nodiscard]] std::variant<by_hand_order, role_order, load_order, text_to_print> read_options(
    int count, const char* const* arguments);

}  // namespace firstfin::client
