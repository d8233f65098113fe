#pragma once

#include <cstdint>
#include <vector>

namespace firstfin::bench {

/// One round: every case once, by its number, in an order drawn anew for each round. What drifts on the machine then
/// meets all cases alike.
[[nodiscard]] std::vector<std::size_t> order_of_round(std::size_t cases, std::uint32_t round, std::uint64_t seed);

}  // namespace firstfin::bench
