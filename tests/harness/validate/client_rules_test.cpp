#include <gtest/gtest.h>

#include <algorithm>

#include "tests/harness/validate/reading.hpp"

namespace firstfin::test {

namespace {

using words = std::vector<std::string>;

struct row {
    std::string text;  ///< inside of http, its first line is line 1
    words options;
    words expected;  ///< "rule:line:severity"
};

void expect_all(const std::vector<row>& all) {
    for (const auto& one : all)
        EXPECT_EQ(found(validated_http(one.text, one.options)), one.expected) << one.text;
}

std::string server(const std::string& inside) {
    return "server {\nlisten 80;\n" + inside + "\nlocation / { }\n}";
}

TEST(ClientRules, Balancers) {
    const words alb{"--client", "aws-alb"};
    expect_all({
        {server("keepalive_timeout 55s;"), alb, {"server-before-balancer:3:error"}},
        {server("keepalive_timeout 60s;"), alb, {"server-before-balancer:3:error"}},
        {server("keepalive_timeout 64s;"), alb, {"server-near-balancer:3:warning"}},
        {server("keepalive_timeout 65s;"), alb, {}},
        {server("keepalive_timeout 0;"), alb, {}},
        {server(""), alb, {}},
        {server(""), {"--client", "gcp-global-alb"}, {"server-before-balancer:1:error"}},
        {server("keepalive_timeout 620s;"), {"--client", "gcp-global-alb"}, {}},
        {server("keepalive_timeout 95s;"), {"--client", "heroku-router"}, {}},
    });
}

TEST(ClientRules, FixesOfALimitKeepTheHint) {
    const auto made = validated_http(server("keepalive_timeout 55s 20;"), {"--client", "aws-alb"});
    ASSERT_EQ(made.findings.size(), 1U);
    ASSERT_TRUE(made.findings[0].safe_fix);
    EXPECT_EQ(made.findings[0].safe_fix->directive, "keepalive_timeout 65s 20s");
    EXPECT_EQ(made.findings[0].confidence, "documented");
}

TEST(ClientRules, Clients) {
    expect_all({
        {server(""), {"--client", "python-requests"}, {"lazy-client:1:note", "server-before-client:1:warning"}},
        {server(""), {"--client", "go-net-http-zero"}, {"server-before-client:1:note"}},
        {server(""), {"--client", "undici"}, {}},
        {server(""), {"--client", "idle=never,retry=all"}, {}},
        {server("keepalive_timeout 120s;"), {"--client", "firefox"}, {"hint-absent:3:note", "tie-zone:3:warning"}},
        {server("keepalive_timeout 114s;"), {"--client", "firefox"}, {"hint-absent:3:note"}},
        {server("keepalive_timeout 126s;"), {"--client", "firefox"}, {}},
        {server("keepalive_timeout 75s;"), {"--client", "chromium"}, {"lazy-client:3:note"}},
    });
}

TEST(ClientRules, Hints) {
    expect_all({
        {server("keepalive_timeout 20 30;"), {}, {"hint-exceeds-limit:3:warning"}},
        {server("keepalive_timeout 20 20;"), {}, {"hint-equals-limit:3:warning"}},
        {server("keepalive_timeout 75 20;"), {}, {}},
        {"keepalive_timeout 75 20;\n" + server("keepalive_timeout 30;"), {}, {"hint-inherited:4:note"}},
        {"keepalive_timeout 75 20;\n" + server("keepalive_timeout 10;"), {}, {"hint-exceeds-limit:4:warning"}},
        {"keepalive_timeout 75 20;\n" + server("keepalive_timeout 10 0;"), {}, {}},
        {server("keepalive_timeout 1h 30m;"), {}, {"two-times:3:warning"}},
        {server("keepalive_timeout 75s 60s;"), {}, {}},
        {server("keepalive_timeout 1h30m;"), {}, {}},
    });
}

TEST(ClientRules, TheHintAdvisedMakesTheClientFirst) {
    const auto before = validated_http(server("keepalive_timeout 75s;"), {"--client", "firefox"});
    ASSERT_EQ(found(before), words{"hint-absent:3:note"});
    const auto after = validated_http(server(before.findings[0].safe_fix->directive + ";"), {"--client", "firefox"});
    EXPECT_EQ(found(after), words{});
    EXPECT_EQ(after.rows[0].ahead.first, model::closer::client);
}

TEST(ClientRules, Load) {
    expect_all({
        {server("keepalive_timeout 0;"), {"--rate", "500"}, {"no-keepalive:3:warning"}},
        {server("keepalive_timeout 0;"), {"--rate", "5"}, {"no-keepalive:3:note"}},
        {server("keepalive_disable safari;"), {"--rate", "500"}, {"keepalive-disable:3:warning"}},
        {server("keepalive_requests 4;"), {"--rate", "500"}, {"requests-churn:3:warning"}},
        {server(""), {"--rate", "500"}, {}},
        {server("keepalive_time 10s;"),
         {"--connections", "2000", "--workers", "4"},
         {"slots:1:warning", "time-churn:3:warning"}},
        {server(""), {"--connections", "400", "--workers", "1"}, {}},
        {server(""), {"--connections", "500", "--workers", "1"}, {"slots:1:warning"}},
        {server(""), {"--reloads-per-hour", "6"}, {"reload-resets:1:warning"}},
        {server("keepalive_min_timeout 75s;"), {"--reloads-per-hour", "6"}, {}},
        {server(""), {"--reloads-per-hour", "0.5"}, {}},
    });
}

TEST(ClientRules, WhatTheyLackIsSaid) {
    const auto made = validated_http(
        "server { listen 80; location / { } location /a { "
        "keepalive_timeout 0; } }");
    words lacking;
    for (const auto& one : made.not_judged)
        lacking.push_back(one.rule + " " + one.needs);
    for (const auto* wanted : {"no-keepalive --rate", "requests-churn --rate", "time-churn --connections",
                               "slots --connections", "reload-resets --reloads-per-hour"})
        EXPECT_NE(std::ranges::find(lacking, wanted), lacking.end()) << wanted;
    EXPECT_TRUE(made.findings.empty());
}

TEST(ClientRules, Resets) {
    const std::string upload = "proxy_pass http://10.0.0.1; proxy_request_buffering off;";
    expect_all({
        {server("reset_timedout_connection on;"), {}, {"rst-timeouts:3:note"}},
        {server("lingering_close off;"), {}, {"rst-extra-input:3:note"}},
        {server("lingering_close always;"), {}, {}},
    });
    const auto early =
        found(validated_http("server {\nlisten 80;\nlocation / {\nlingering_close off;\n" + upload + "\n}\n}"));
    EXPECT_NE(std::ranges::find(early, "rst-early-response:4:warning"), early.end());
    EXPECT_EQ(std::ranges::find(early, "rst-extra-input:4:note"), early.end());
}

TEST(ClientRules, SilentDrops) {
    const words nlb{"--client", "aws-nlb"};
    const auto at = [](const std::string& listen, const std::string& timeout) {
        return "server {\nlisten " + listen + ";\nkeepalive_timeout " + timeout + ";\nlocation / { }\n}";
    };
    expect_all({
        {at("80", "400s"), nlb, {"silent-drop:2:warning"}},
        {at("80 so_keepalive=on", "400s"), nlb, {"silent-drop:2:warning"}},
        {at("80 so_keepalive=60s::", "400s"), nlb, {}},
        {at("80", "75s"), nlb, {}},
    });
}

TEST(ClientRules, LevelsThatDoNotCount) {
    expect_all({
        {"server {\nlisten 80;\nkeepalive_timeout 0;\nlocation / {\nkeepalive_timeout 60;\n}\n}",
         {},
         {"zero-at-server-level:5:warning"}},
        {"server {\nlisten 80;\nkeepalive_timeout 0;\nlocation / {\nkeepalive_timeout 60;\nreturn 204;\n}\n}", {}, {}},
        {"server {\nlisten 80;\nkeepalive_timeout 0;\nreturn 301 https://a.org/;\n}", {}, {"server-return:3:warning"}},
        {"server {\nlisten 80;\nkeepalive_requests 5;\nreturn 301 https://a.org/;\n}", {}, {"server-return:3:note"}},
        {"keepalive_requests 5;\nserver {\nlisten 80;\nreturn 301 https://a.org/;\n}", {}, {}},
    });
}

}  // namespace

}  // namespace firstfin::test
