#pragma once

#include <cstdint>

#include "core/duration.hpp"

namespace firstfin::run {

/// When another client program may start, among all that run at once: there must be memory for it, and it may not delay
/// the timers of the one before. Pure: the time is given.
class start_gate {
public:
    /// `memory`: bytes that all of them may take together.
    explicit start_gate(std::uint64_t memory) : memory_(memory) {}

    /// One that asks for more memory than there is starts alone.
    [[nodiscard]] bool may_start(std::uint64_t memory, time_point now) const {
        return now >= next_ && starting_ < most_starting && (taken_ + memory <= memory_ || running_ == 0);
    }
    void started(std::uint64_t memory, duration spacing, time_point now) {
        taken_ += memory;
        ++running_;
        ++starting_;
        next_ = now + spacing;
    }
    /// One that has started is up: it takes no more than its memory.
    void is_up() { --starting_; }
    void ended(std::uint64_t memory) {
        taken_ -= memory;
        --running_;
    }

private:
    /// A browser's start keeps a processor busy for seconds: many at once would only delay each other.
    static constexpr std::size_t most_starting = 2;

    std::uint64_t memory_;
    std::uint64_t taken_ = 0;
    std::size_t starting_ = 0;
    std::size_t running_ = 0;
    time_point next_{};
};

}  // namespace firstfin::run
