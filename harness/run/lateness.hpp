#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "core/duration.hpp"
#include "harness/witness/segment.hpp"

namespace firstfin::run {

/// How late both roles' own timers were: the run's resolution. Two limits closer than that are a tie.
class lateness {
public:
    void add(side of, duration late) { late_[static_cast<std::size_t>(of)].push_back(late); }

    /// p99 of the worse side; zero when no timer ran.
    [[nodiscard]] duration resolution() const {
        duration worst{};
        for (auto one : late_) {
            if (one.empty()) continue;
            const auto at = one.begin() + static_cast<std::ptrdiff_t>((one.size() - 1) * 99 / 100);
            std::nth_element(one.begin(), at, one.end());
            worst = std::max(worst, *at);
        }
        return worst;
    }

private:
    std::array<std::vector<duration>, 2> late_;
};

}  // namespace firstfin::run
