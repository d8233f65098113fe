#include "harness/bench/run/cpu_pinning.hpp"

namespace firstfin::bench {

cpu_plan cpus_for(const cpu_set_t& usable, unsigned threads) {
    cpu_plan out{usable, usable};
    int last = -1;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
        if (CPU_ISSET(static_cast<unsigned>(cpu), &usable)) last = cpu;
    if (CPU_COUNT(&usable) < 2) return out;
    CPU_ZERO(&out.server);
    CPU_ZERO(&out.load);
    CPU_SET(static_cast<unsigned>(last), &out.server);
    unsigned taken = 0;
    for (int cpu = 0; cpu < last && taken < threads; ++cpu)
        if (CPU_ISSET(static_cast<unsigned>(cpu), &usable)) {
            CPU_SET(static_cast<unsigned>(cpu), &out.load);
            ++taken;
        }
    out.pinned = true;
    return out;
}

cpu_set_t usable_cpus() {
    cpu_set_t out;
    CPU_ZERO(&out);
    (void)::sched_getaffinity(0, sizeof out, &out);
    return out;
}

cpu_scope::cpu_scope(const cpu_set_t& on) : before_(usable_cpus()) {
    // Where it is refused the children share what there is, which their starved time shows.
    (void)::sched_setaffinity(0, sizeof on, &on);
}

cpu_scope::~cpu_scope() {
    (void)::sched_setaffinity(0, sizeof before_, &before_);
}

}  // namespace firstfin::bench
