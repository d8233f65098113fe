#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "core/duration.hpp"
#include "harness/sandbox/exit_status.hpp"
#include "harness/sandbox/pid_namespace.hpp"

namespace firstfin::sandbox {

/// A process of its own that carries frames between two TAP descriptors, each `delay` after it was sent. Not a thread:
/// stages are built before the harness has any, and its own loop must not wait for the cable. Killed and reaped with
/// this object; it dies with the harness too, in whatever way that ends.
class relay {
public:
    /// `one` and `other` are non-blocking; the relay gets copies. With `processes` it lives in there.
    relay(int one, int other, duration delay, const pid_namespace* processes);
    ~relay();
    relay(const relay&) = delete;
    relay& operator=(const relay&) = delete;

    /// Frames that it could not hold or hand over, so far.
    [[nodiscard]] std::uint64_t lost() const noexcept;
    /// How it ended, which it should not.
    [[nodiscard]] std::optional<exit_status> ended();
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

private:
    struct shared;
    struct unmap {
        void operator()(shared* memory) const noexcept;
    };
    std::unique_ptr<shared, unmap> shared_;  // the relay writes, we read
    pid_t pid_ = -1;
    std::optional<exit_status> ended_;
};

}  // namespace firstfin::sandbox
