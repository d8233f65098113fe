#pragma once

#include <cstdint>

namespace firstfin {

/// Raises the soft limit of open descriptors to the hard one and says what it is now.
std::uint64_t raise_descriptor_limit();

}  // namespace firstfin
