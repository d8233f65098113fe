#pragma once

#include "core/load_protocol.hpp"

namespace firstfin::load {

/// Makes that load; returns when the measured phase is over, or after SIGINT or SIGTERM, with what there was of it. An
/// open loop's answers are waited for, as long as the order's patience. Throws environment_lacks.
[[nodiscard]] report make_load(const order& what);

/// Reads an order from standard input and writes the report to standard output; answers the exit code. Throws bad_input
/// for an order that is none.
[[nodiscard]] int play_load();

}  // namespace firstfin::load
