#include "server/nginx/answers/http_time.hpp"

#include <gtest/gtest.h>

namespace firstfin::nginx {
namespace {

TEST(HttpTime, IsWritten) {
    const std::vector<std::pair<std::time_t, const char*>> rows{
        {784111777, "Sun, 06 Nov 1994 08:49:37 GMT"},
        {0, "Thu, 01 Jan 1970 00:00:00 GMT"},
        {1709251199, "Thu, 29 Feb 2024 23:59:59 GMT"},
        {4102444800, "Fri, 01 Jan 2100 00:00:00 GMT"},
    };
    for (const auto& [when, text] : rows) {
        std::string out;
        append_http_time(out, when);
        EXPECT_EQ(out, text);
        EXPECT_EQ(parse_http_time(text), when);
    }
}

TEST(HttpTime, HasThreeFormats) {
    EXPECT_EQ(parse_http_time("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777);
    EXPECT_EQ(parse_http_time("Sun Nov  6 08:49:37 1994"), 784111777);
    EXPECT_EQ(parse_http_time("Wed Nov 16 08:49:37 1994"), 784111777 + 10 * 86400);
    EXPECT_EQ(parse_http_time("Tuesday, 01-Jan-30 00:00:00 GMT"), 1893456000);
}

TEST(HttpTime, RefusesWhatIsNone) {
    for (const auto* text :
         {"", "rubbish", "Sun, 06 Nov 1994", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Now 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun Nov 6", ","})
        EXPECT_FALSE(parse_http_time(text)) << text;
}

}  // namespace
}  // namespace firstfin::nginx
