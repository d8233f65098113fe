#pragma once

#include <algorithm>
#include <cstdint>

#include "core/duration.hpp"

namespace firstfin::run {

/// When another client program may start, among all that run at once: there must be memory for it, and it may not delay
/// the timers of the one before. Pure: the time is given.
class start_gate {
public:
    /// `memory`: bytes that all of them may take together.
    explicit start_gate(std::uint64_t memory) : free_(memory) {}

    /// One that asks for more than there is starts alone.
    [[nodiscard]] bool may_start(std::uint64_t memory, time_point now) const {
        return now >= next_ && (memory <= free_ || running_ == 0);
    }
    void started(std::uint64_t memory, duration spacing, time_point now) {
        free_ -= std::min(free_, memory);
        ++running_;
        next_ = now + spacing;
    }
    void ended(std::uint64_t memory) {
        free_ += memory;
        --running_;
    }

private:
    std::uint64_t free_;
    std::size_t running_ = 0;
    time_point next_{};
};

}  // namespace firstfin::run
