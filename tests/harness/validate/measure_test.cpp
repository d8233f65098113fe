#include "harness/validate/measure/questions.hpp"

#include <gtest/gtest.h>

#include "tests/harness/validate/reading.hpp"

namespace firstfin::test {

namespace {

namespace measure = validate::measure;

measure::questions asked(const std::string& text, const std::vector<std::string>& options, duration wanted) {
    return measure::questions_of(validated_http(text, options), wanted);
}

const std::string two_ways =
    "upstream app { server 10.0.0.1; } server { listen 80; keepalive_timeout 60s; location / { proxy_pass http://app; "
    "} }";

TEST(Measure, EveryPairIsAQuestionAndAlikeOnesAreOneCell) {
    const auto made = asked(two_ways + "server { listen 81; keepalive_timeout 60s; location / { } }",
                            {"--client", "firefox", "--backend", "nginx"}, std::chrono::hours(1));
    EXPECT_EQ(made.asked.size(), 3U);
    EXPECT_EQ(made.cells, 2U);
    EXPECT_EQ(made.time_scale, 1);
    EXPECT_TRUE(made.left.empty());
}

TEST(Measure, WhatNobodyCanPlayIsSaid) {
    const auto made = asked(
        "server { listen 80; location / { proxy_pass http://$host; } location /a { uwsgi_pass u:1; } "
        "location /b { proxy_pass http://10.0.0.1; } }",
        {"--client", "aws-nlb"}, std::chrono::seconds(5));
    EXPECT_TRUE(made.asked.empty());
    EXPECT_EQ(made.left.size(), 4U);
}

TEST(Measure, TheLongestCloseTakesTheTimeWanted) {
    const auto made = asked(two_ways, {"--client", "firefox", "--backend", "idle=30s"}, std::chrono::seconds(6));
    EXPECT_NEAR(made.time_scale, 0.1, 0.001);
}

TEST(Measure, AServerThatClosesFirstIsMetByARequestOnItsWay) {
    const auto made =
        asked(two_ways, {"--client", "idle=90s,mode=timer", "--backend", "idle=75s"}, std::chrono::seconds(6));
    ASSERT_EQ(made.asked.size(), 3U);
    const auto& edge = made.asked.back();
    EXPECT_TRUE(edge.at_edge);
    EXPECT_EQ(edge.server.keepalive_timeout, time_limit(edge.what.gap + edge.link_delay));
    EXPECT_LT(edge.server.keepalive_timeout, time_limit(std::chrono::seconds(7))) << "scaled before it is played";
    const auto safe =
        asked(two_ways, {"--client", "idle=90s,retry=all", "--backend", "idle=75s"}, std::chrono::seconds(6));
    EXPECT_EQ(safe.asked.size(), 2U) << "a client that repeats everything loses nothing";
}

// A request has to leave before the limit and arrive after it, also where the others are scaled below that.
TEST(Measure, NoLimitIsScaledBelowWhatARequestTakes) {
    const auto made = asked(two_ways, {"--client", "firefox", "--backend", "idle=2s"}, std::chrono::seconds(1));
    ASSERT_TRUE(made.asked.back().at_edge);
    EXPECT_GE(made.asked.back().what.gap, 4 * made.asked.back().link_delay);
    const auto short_one = asked(two_ways, {"--backend", "idle=100ms"}, std::chrono::seconds(1));
    EXPECT_EQ(short_one.asked.size(), 1U);
    ASSERT_EQ(short_one.left.size(), 1U);
    EXPECT_NE(short_one.left[0].why.find("too short"), std::string::npos);
}

}  // namespace

}  // namespace firstfin::test
