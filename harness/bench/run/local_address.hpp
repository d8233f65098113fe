#pragma once

#include "core/endpoint.hpp"

namespace firstfin::bench {

/// The address is one of this machine's own. Throws environment_lacks when the kernel does not list them.
[[nodiscard]] bool is_of_this_machine(const address& where);

}  // namespace firstfin::bench
