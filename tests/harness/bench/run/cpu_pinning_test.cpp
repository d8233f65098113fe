#include "harness/bench/run/cpu_pinning.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

namespace firstfin::bench {
namespace {

cpu_set_t set_of(std::initializer_list<unsigned> cpus) {
    cpu_set_t out;
    CPU_ZERO(&out);
    for (const auto cpu : cpus)
        CPU_SET(cpu, &out);
    return out;
}

std::vector<unsigned> list_of(const cpu_set_t& set) {
    std::vector<unsigned> out;
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu)
        if (CPU_ISSET(cpu, &set)) out.push_back(cpu);
    return out;
}

using cpus = std::vector<unsigned>;

TEST(CpuPinning, TheSidesShareNoCpu) {
    const auto plan = cpus_for(set_of({2, 3, 5, 7}), 2);
    EXPECT_TRUE(plan.pinned);
    EXPECT_EQ(list_of(plan.server), (cpus{7}));
    EXPECT_EQ(list_of(plan.load), (cpus{2, 3}));
}

TEST(CpuPinning, MoreThreadsThanCpusShareWhatIsLeft) {
    EXPECT_EQ(list_of(cpus_for(set_of({0, 1}), 4).load), (cpus{0}));
}

TEST(CpuPinning, OneCpuIsForBoth) {
    const auto plan = cpus_for(set_of({4}), 1);
    EXPECT_FALSE(plan.pinned);
    EXPECT_EQ(list_of(plan.server), (cpus{4}));
    EXPECT_EQ(list_of(plan.load), (cpus{4}));
}

TEST(CpuPinning, AScopeEnds) {
    const auto before = usable_cpus();
    {
        const cpu_scope first(set_of({list_of(before).front()}));
        EXPECT_EQ(list_of(usable_cpus()), (cpus{list_of(before).front()}));
    }
    EXPECT_EQ(list_of(usable_cpus()), list_of(before));
}

}  // namespace
}  // namespace firstfin::bench
