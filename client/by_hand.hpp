#pragma once

#include "client/options.hpp"

namespace firstfin::client {

/// Opens the connections a person asked for and tells what happened to each. Answers with the exit code.
[[nodiscard]] int run_by_hand(const by_hand_order& asked);

}  // namespace firstfin::client
