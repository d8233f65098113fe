#pragma once

#include "server/command_line.hpp"

namespace firstfin {

/// Serves until a signal ends it. Throws bad_input and environment_lacks before the first connection.
void run(const command_line& asked);

}  // namespace firstfin
