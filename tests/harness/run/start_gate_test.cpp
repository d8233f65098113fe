#include "harness/run/start_gate.hpp"

#include <gtest/gtest.h>

namespace firstfin::run {
namespace {

using namespace std::chrono_literals;

constexpr time_point noon{};

TEST(StartGate, KeepsStartsApart) {
    start_gate gate(100);
    EXPECT_TRUE(gate.may_start(10, noon));
    gate.started(10, 1s, noon);
    EXPECT_FALSE(gate.may_start(10, noon + 999ms));
    EXPECT_TRUE(gate.may_start(10, noon + 1s));
}

TEST(StartGate, LetsTwoStartAtATime) {
    start_gate gate(100);
    gate.started(10, 0s, noon);
    gate.started(10, 0s, noon);
    EXPECT_FALSE(gate.may_start(10, noon + 1min));
    gate.is_up();
    EXPECT_TRUE(gate.may_start(10, noon + 1min));
}

TEST(StartGate, WaitsForMemory) {
    start_gate gate(100);
    gate.started(60, 0s, noon);
    gate.is_up();
    EXPECT_FALSE(gate.may_start(50, noon));
    EXPECT_TRUE(gate.may_start(40, noon));
    gate.ended(60);
    EXPECT_TRUE(gate.may_start(50, noon));
}

TEST(StartGate, OneThatNeedsMoreThanThereIsStartsAlone) {
    start_gate gate(100);
    EXPECT_TRUE(gate.may_start(500, noon));
    gate.started(500, 0s, noon);
    gate.is_up();
    EXPECT_FALSE(gate.may_start(500, noon));
    EXPECT_FALSE(gate.may_start(1, noon)) << "it has taken all there was";
    gate.ended(500);
    EXPECT_TRUE(gate.may_start(1, noon));
}

}  // namespace
}  // namespace firstfin::run
