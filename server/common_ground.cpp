#include "server/common_ground.hpp"

namespace firstfin {

double common_ground::window_share(std::uint64_t id) const {
    // splitmix64, the finalizer of Steele, Lea and Flood's SplittableRandom.
    std::uint64_t mixed = seed + id * 0x9e3779b97f4a7c15ULL;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
    mixed ^= mixed >> 31;
    return static_cast<double>(mixed >> 11) / static_cast<double>((1ULL << 53) - 1);
}

}  // namespace firstfin
