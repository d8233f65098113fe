#include "harness/sandbox/delay_line.hpp"

#include <gtest/gtest.h>

#include <string>

namespace firstfin::testing {
namespace {

using namespace std::chrono_literals;
using sandbox::delay_line;

const time_point start{1h};

delay_line::frame frame_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
std::string text_of(const std::optional<delay_line::frame>& frame) {
    return frame ? std::string(frame->begin(), frame->end()) : "(nothing)";
}

TEST(DelayLine, GivesEachFrameTheSameTimeInTheOrderTheyCame) {
    delay_line line(20ms, 10'000);
    EXPECT_EQ(line.next(), std::nullopt);
    ASSERT_TRUE(line.put(frame_of("first"), start));
    ASSERT_TRUE(line.put(frame_of("second"), start + 1ms));
    EXPECT_EQ(line.next(), start + 20ms);
    EXPECT_EQ(text_of(line.arrived(start + 20ms - 1ns)), "(nothing)");
    EXPECT_EQ(text_of(line.arrived(start + 20ms)), "first");
    line.take();
    EXPECT_EQ(text_of(line.arrived(start + 20ms)), "(nothing)");
    EXPECT_EQ(line.next(), start + 21ms);
    EXPECT_EQ(text_of(line.arrived(start + 1s)), "second");
    line.take();
    EXPECT_EQ(line.next(), std::nullopt);
}

TEST(DelayLine, RefusesWhatItHasNoRoomForAndTakesItAgainLater) {
    delay_line line(20ms, 2'000);
    const std::string large(1'500, 'x');
    EXPECT_TRUE(line.put(frame_of(large), start));
    EXPECT_FALSE(line.put(frame_of(large), start));
    EXPECT_TRUE(line.put(frame_of("small"), start));
    line.take();
    EXPECT_TRUE(line.put(frame_of(large), start));
    EXPECT_EQ(text_of(line.arrived(start + 20ms)), "small");
}

}  // namespace
}  // namespace firstfin::testing
