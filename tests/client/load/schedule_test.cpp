#include "client/load/schedule.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace firstfin::load {
namespace {

using namespace std::chrono_literals;
const time_point start{1000s};

TEST(Schedule, FixedGapsDoNotDrift) {
    schedule third(start, 3, arrival::fixed, 1);
    EXPECT_EQ(third.next(), start);
    for (int i = 0; i < 3'000'000; ++i)
        (void)third.take();
    EXPECT_EQ(third.take(), start + 1'000'000s);
}

// Of an exponential distribution mean and standard deviation are equal.
TEST(Schedule, PoissonGapsAreExponential) {
    schedule drawn(start, 1000, arrival::poisson, 5);
    double sum = 0;
    double squares = 0;
    auto last = drawn.take();
    EXPECT_GT(last, start);
    constexpr int count = 200'000;
    for (int i = 0; i < count; ++i) {
        const auto next = drawn.take();
        const double gap = seconds_of(next - last) * 1000;
        ASSERT_GE(gap, 0);
        sum += gap;
        squares += gap * gap;
        last = next;
    }
    const double mean = sum / count;
    EXPECT_NEAR(mean, 1, 0.01);
    EXPECT_NEAR(std::sqrt(squares / count - mean * mean), 1, 0.02);
}

TEST(Schedule, OneSeedOneSchedule) {
    schedule a(start, 10, arrival::poisson, 5);
    schedule b(start, 10, arrival::poisson, 5);
    schedule c(start, 10, arrival::poisson, 6);
    EXPECT_EQ(a.take(), b.take());
    EXPECT_EQ(a.take(), b.take());
    EXPECT_NE(a.take(), c.take());
}

}  // namespace
}  // namespace firstfin::load
