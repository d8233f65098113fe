#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>

#include "core/duration.hpp"

namespace firstfin::bench {

/// CPU time, user and system, of a process and of everything it has forked: a server's master and its workers. Host
/// process ids, as child_process::pid() gives them.
///
/// Of a process that is there the time is the kernel's own, in nanoseconds and with its ended threads
/// (clock_getcpuclockid: the clock that CPU limits go by; no privilege). Of one that has ended meanwhile its parent
/// knows, once it has waited for it, in clock ticks (cutime and cstime of /proc/PID/stat, 10 ms): each parent whose
/// children ended between two readings may be a tick off. Where the parent does not know, the reading says so instead
/// of being too small. A process forked and ended between two readings, under a parent that ignores SIGCHLD, is
/// nowhere.
class process_cpu {
public:
    explicit process_cpu(pid_t root);

    /// Since the processes began; walks /proc once (some 10 us a process on the machine), so ask at the edges of what
    /// is measured. None: the root has ended, or the time of one that ended is lost; from then on it stays so.
    [[nodiscard]] std::optional<duration> used();

private:
    struct process {
        pid_t parent = 0;
        std::uint64_t started = 0;  ///< ids come back; with this, in ticks since boot, they do not
        duration own{};
        duration waited_for{};  ///< of children that ended
    };
    using processes = std::map<pid_t, process>;

    [[nodiscard]] processes look() const;
    [[nodiscard]] bool is_accounted_for(const processes& now) const;

    pid_t root_;
    processes known_;
    bool lost_ = false;
};

}  // namespace firstfin::bench
