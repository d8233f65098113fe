#pragma once

#include <sched.h>

namespace firstfin::bench {

/// CPUs of their own for the two sides, so that neither takes from the other: the server the last one this process may
/// use, the load the first ones, at most `threads` of them. Whole sets, and so no pinning, where that leaves one
/// without any.
struct cpu_plan {
    cpu_set_t server;
    cpu_set_t load;
    bool pinned = false;
};
[[nodiscard]] cpu_plan cpus_for(const cpu_set_t& usable, unsigned threads);

/// Those this process may use now.
[[nodiscard]] cpu_set_t usable_cpus();

/// Children that this thread starts in the object's lifetime inherit these CPUs.
class cpu_scope {
public:
    explicit cpu_scope(const cpu_set_t& on);
    ~cpu_scope();
    cpu_scope(const cpu_scope&) = delete;
    cpu_scope& operator=(const cpu_scope&) = delete;

private:
    cpu_set_t before_;
};

}  // namespace firstfin::bench
