#pragma once

#include <cstdint>

namespace firstfin {

/// Raises the soft limit of open descriptors to the hard one and says what it is now.
std::uint64_t raise_descriptor_limit();

/// The soft limit.
[[nodiscard]] std::uint64_t descriptor_limit();

/// Sets the soft and the hard limit of this process; false, with errno, when the kernel refuses.
[[nodiscard]] bool set_descriptor_limit(std::uint64_t most);

}  // namespace firstfin
