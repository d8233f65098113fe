#include "harness/bench/run/order_of_cases.hpp"

#include <algorithm>
#include <numeric>
#include <random>

namespace firstfin::bench {

std::vector<std::size_t> order_of_round(std::size_t cases, std::uint32_t round, std::uint64_t seed) {
    std::vector<std::size_t> out(cases);
    std::iota(out.begin(), out.end(), 0);
    std::seed_seq from{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U), round};
    std::mt19937_64 draw(from);
    // Not std::shuffle, which may differ between libraries: one seed, one order.
    for (auto left = cases; left > 1; --left)
        std::swap(out[left - 1], out[draw() % left]);
    return out;
}

}  // namespace firstfin::bench
