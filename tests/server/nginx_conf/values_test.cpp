#include "server/nginx_conf/values.hpp"

#include <gtest/gtest.h>

#include "server/nginx_conf/nginx_version.hpp"

namespace firstfin::nginx_conf {
namespace {

struct time_row {
    const char* text;
    std::int64_t ms;       ///< -1: refused
    std::int64_t seconds;  ///< read as a setting of seconds
};

// Both columns from nginx 1.22.1, by way of keepalive_timeout's two values.
constexpr time_row times[] = {
    {"75", 75'000, 75},
    {"0", 0, 0},
    {"1h30m", 5'400'000, 5'400},
    {"1h 30m", 5'400'000, 5'400},
    {"90m", 5'400'000, 5'400},
    {"1m30", 90'000, 90},
    {"1h 30", 3'630'000, 3'630},
    {"30 20", 50'000, 50},
    {" 30", 30'000, 30},
    {"30 ", 30'000, 30},
    {"1500ms", 1'500, -1},
    {"1s500ms", 1'500, -1},
    {"1w2d", 777'600'000, 777'600},
    {"1M", -1, 2'592'000},
    {"1y", -1, 31'536'000},
    {"1y1M", -1, 34'128'000},
    {"30S", -1, -1},
    {"1.5s", -1, -1},
    {"-1", -1, -1},
    {"", -1, -1},
    {" ", -1, -1},
    {"$x", -1, -1},
    {"30s1m", -1, -1},
    {"1s1s", -1, -1},
    {"1m1m", -1, -1},
    {"30 s", -1, -1},
    {"10 20 30", -1, -1},
    {"1s 5 ", -1, -1},
    {"1ms1s", -1, -1},
    {"s", -1, -1},
    {"h1", 1'000, 1},
    {"1m s", 60'000, 60},
    {"9223372036854775", 9'223'372'036'854'775'000, 9'223'372'036'854'775},
    {"9223372036854776", -1, 9'223'372'036'854'776},
    {"9223372036854775808", -1, -1},
};

TEST(Values, TimesAreReadAsNginxReadsThem) {
    for (const auto& row : times) {
        EXPECT_EQ(parse_milliseconds(row.text).value_or(milliseconds(-1)).count(), row.ms) << '"' << row.text << '"';
        EXPECT_EQ(parse_seconds(row.text).value_or(seconds(-1)).count(), row.seconds) << '"' << row.text << '"';
    }
}

TEST(Values, SizesNumbersAndFlags) {
    EXPECT_EQ(parse_size("8k"), 8192);
    EXPECT_EQ(parse_size("8M"), 8 << 20);
    EXPECT_EQ(parse_size("0"), 0);
    for (const auto* wrong : {"", "k", "1g", "1kk", "-1", "1 k", "9007199254740992k"})
        EXPECT_FALSE(parse_size(wrong)) << wrong;
    EXPECT_EQ(parse_offset("2G"), std::int64_t{2} << 30);
    EXPECT_FALSE(parse_offset("2t"));
    EXPECT_EQ(parse_number("9223372036854775807"), 9223372036854775807);
    for (const auto* wrong : {"", "1k", "-1", "+1", " 1", "0x1", "9223372036854775808"})
        EXPECT_FALSE(parse_number(wrong)) << wrong;
    EXPECT_EQ(parse_flag("On"), true);
    EXPECT_EQ(parse_flag("OFF"), false);
    EXPECT_FALSE(parse_flag("yes"));
}

TEST(Values, Variables) {
    for (const auto* fine : {"", "a", "$a", "${a}b", "$1", "$a$b", "a$b_c-", "${a}${b}"})
        EXPECT_FALSE(check_variables(fine)) << fine;
    for (const auto* wrong : {"$", "a$", "$-", "${", "${}", "${a", "${a-}", "$ a", "$0$"})
        EXPECT_TRUE(check_variables(wrong)) << wrong;
}

TEST(Values, Versions) {
    EXPECT_EQ(parse_nginx_version("1.22.1").value(), (nginx_version{1, 22, 1}));
    EXPECT_EQ(parse_nginx_version("nginx/1.30").value(), (nginx_version{1, 30, 0}));
    for (const auto* wrong : {"", "1", "1.22.", "1.22.1.1", "1.22.1x", "1.16.1", "1.32.0", "2.0.0", "1.-1"})
        EXPECT_FALSE(parse_nginx_version(wrong)) << wrong;
}

}  // namespace
}  // namespace firstfin::nginx_conf
