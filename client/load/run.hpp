#pragma once

#include <functional>

#include "core/load_protocol.hpp"

namespace firstfin::load {

/// Makes that load, after it told `phase_is` when it will be measured; returns when the measured phase is over, or
/// after SIGINT or SIGTERM, with what there was of it. An open loop's answers are waited for, as long as the order's
/// patience. Throws environment_lacks.
[[nodiscard]] report make_load(const order& what, const std::function<void(const phase&)>& phase_is = {});

/// Reads an order from standard input and writes the phase and the report to standard output; answers the exit code.
/// Throws bad_input for an order that is none.
[[nodiscard]] int play_load();

}  // namespace firstfin::load
