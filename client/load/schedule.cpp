#include "client/load/schedule.hpp"

#include <cmath>

namespace firstfin::load {

namespace {
constexpr double ns_a_second = 1e9;
}

schedule::schedule(time_point start, double rate, arrival spacing, std::uint64_t seed)
    : start_(start), mean_gap_(ns_a_second / rate), spacing_(spacing), draw_(seed), next_(start) {
    if (spacing_ == arrival::poisson) (void)take();  // the first gap is drawn like every other
}

time_point schedule::take() {
    const auto out = next_;
    ++taken_;
    // From the start each time, so that rounding does not add up.
    if (spacing_ == arrival::fixed)
        elapsed_ = static_cast<double>(taken_) * mean_gap_;
    else
        elapsed_ -= std::log1p(-draw_.share()) * mean_gap_;
    next_ = start_ + duration(static_cast<std::int64_t>(elapsed_));
    return out;
}

}  // namespace firstfin::load
