#include "server/nginx/body_remainder.hpp"

#include <gtest/gtest.h>

namespace firstfin::nginx {
namespace {

using enum body_remainder::progress;

TEST(BodyRemainder, NoneIsComplete) {
    body_remainder none;
    std::string_view next = "GET";
    EXPECT_TRUE(none.is_complete());
    EXPECT_EQ(none.drop(next), complete);
    EXPECT_EQ(next, "GET");
}

TEST(BodyRemainder, TakesItsLengthAndNothingOfTheNextRequest) {
    body_remainder five(5);
    std::string_view first = "012";
    EXPECT_EQ(five.wanted(4096), 5U);
    EXPECT_EQ(five.drop(first), wants_more);
    EXPECT_EQ(five.wanted(4096), 2U);
    std::string_view rest = "34GET";
    EXPECT_EQ(five.drop(rest), complete);
    EXPECT_EQ(rest, "GET");
    EXPECT_TRUE(five.is_complete());
}

TEST(BodyRemainder, ChunksEndWithTheirLastOne) {
    body_remainder chunks{http_request::dialect()};
    EXPECT_FALSE(chunks.is_complete());
    EXPECT_EQ(chunks.wanted(4096), 4096U);
    std::string_view first = "3\r\nabc\r\n0\r\n";
    EXPECT_EQ(chunks.drop(first), wants_more);
    EXPECT_FALSE(chunks.is_complete());
    std::string_view rest = "\r\nGET";
    EXPECT_EQ(chunks.drop(rest), complete);
    EXPECT_EQ(rest, "GET");
    EXPECT_TRUE(chunks.is_complete());
}

TEST(BodyRemainder, BadChunkIsBad) {
    body_remainder chunks{http_request::dialect()};
    std::string_view bytes = "x\r\n";
    EXPECT_EQ(chunks.drop(bytes), bad);
}

}  // namespace
}  // namespace firstfin::nginx
