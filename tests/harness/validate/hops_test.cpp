#include <gtest/gtest.h>

#include "tests/harness/validate/reading.hpp"

namespace firstfin::test {

namespace {

using validate::hop_row;
using validate::validation;

std::vector<std::string> names(const validation& of, bool inward) {
    std::vector<std::string> out;
    for (const auto& one : of.rows)
        if (one.inward == inward) out.push_back(one.hop + (one.peer.empty() ? "" : " < " + one.peer));
    return out;
}

const hop_row& row(const validation& of, std::string_view hop, std::string_view peer = "") {
    for (const auto& one : of.rows)
        if (one.hop == hop && one.peer == peer) return one;
    ADD_FAILURE() << "no row " << hop << " " << peer;
    static const hop_row none;
    return none;
}

using words = std::vector<std::string>;

TEST(Hops, AServerIsOneHopUntilItsPlacesDiffer) {
    const auto same = validated_http("server { listen 8080; location / { } location /a { } location /b { } }");
    EXPECT_EQ(names(same, true), words{"0.0.0.0:8080"});
    const auto different = validated_http(
        "server { listen 443; server_name a.org; location / { } location /slow { keepalive_timeout 5; } "
        "location /also { } }");
    EXPECT_EQ(names(different, true), (words{"a.org:443 / and 1 more", "a.org:443 /slow"}));
}

TEST(Hops, PeersOfAListenAddressOrANameAreThoseOfThatHopAlone) {
    const std::string text =
        "server { listen 127.0.0.1:8443; location / { } } server { listen 80; server_name a.org; location / { } }";
    const auto made = validated_http(text, {"--client", "127.0.0.1:8443=cloudflare", "--client", "firefox", "--client",
                                            "a.org=idle=30s,mode=timer"});
    EXPECT_EQ(names(made, true), (words{"127.0.0.1:8443 < cloudflare", "a.org:80 < idle=30s,mode=timer"}));
    const auto stranger = validated_http(text, {"--client", "b.org=firefox"});
    EXPECT_EQ(stranger.remarks.size(), 1U);
}

TEST(Hops, GroupsAndFamiliesAreTheirMembers) {
    const auto made =
        validated_http("server { listen 80; location / { } }", {"--client", "aws", "--client", "browsers"});
    EXPECT_EQ(names(made, true).size(), 7U);
    EXPECT_EQ(made.rows.front().peer, "aws-alb");
}

TEST(Hops, AnUpstreamIsReachedThroughEveryPlaceThatPassesToIt) {
    const auto made = validated_http(
        "upstream app { server 10.0.0.1; server 10.0.0.2; } server { listen 80; location / { proxy_pass http://app; } "
        "location /a { proxy_pass http://app/; } location /b { proxy_pass http://10.0.0.9:81; } "
        "location /c { proxy_pass http://$host; } }");
    EXPECT_EQ(names(made, false), (words{"app", "10.0.0.9:81", "http://$host"}));
    EXPECT_EQ(row(made, "http://$host").says, "variables decide where it goes");
}

TEST(Outlook, OfClients) {
    struct expectation {
        std::string text, client;
        model::closer first;
        std::string lost;
    };
    const std::vector<expectation> all{
        {"keepalive_timeout 65;", "aws-alb", model::closer::client, "none"},
        {"keepalive_timeout 55;", "aws-alb", model::closer::server, "any"},
        {"keepalive_timeout 120;", "firefox", model::closer::undecided, "none: sent again"},
        {"keepalive_timeout 130;", "firefox", model::closer::client, "none"},
        {"", "chromium", model::closer::server, "none: sent again"},
        {"", "go-net-http-zero", model::closer::server, "POST, PATCH"},
        {"keepalive_timeout 0;", "firefox", model::closer::server, "none"},
        {"keepalive_timeout 400;", "aws-nlb", model::closer::nobody, "any: dropped silently"},
        {"keepalive_timeout 300;", "aws-nlb", model::closer::server, "none"},
        {"keepalive_timeout 130;", "libcurl", model::closer::server, "none"},
    };
    for (const auto& one : all) {
        const auto made = validated_http("server { listen 80; " + one.text + " location / { } }",
                                         {"--client", one.client, "--rate", "100"});
        ASSERT_EQ(made.rows.size(), 1U);
        EXPECT_EQ(to_text(made.rows[0].ahead.first), to_text(one.first)) << one.text << one.client;
        EXPECT_EQ(made.rows[0].ahead.lost, one.lost) << one.text << one.client;
    }
}

TEST(Outlook, OfUpstreams) {
    const std::string pool =
        "upstream app { server 10.0.0.1; keepalive 16; keepalive_timeout 60s; } server { listen 80; location / { "
        "proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ''; } }";
    const auto node = validated_http(pool, {"--backend", "node-http-server", "--rate", "200"});
    const auto& first = row(node, "app", "node-http-server").ahead;
    EXPECT_EQ(first.first, model::closer::server);
    EXPECT_EQ(first.lost, "POST, LOCK, PATCH");
    ASSERT_TRUE(first.time_wait_most);
    EXPECT_DOUBLE_EQ(*first.time_wait_most, 12'000);
    const auto patient = validated_http(pool, {"--backend", "app=idle=75s"});
    EXPECT_EQ(row(patient, "app", "idle=75s").ahead.first, model::closer::client);
    const std::string direct = "server { listen 80; location / { proxy_pass http://10.0.0.1; } }";
    EXPECT_EQ(row(validated_http(direct), "10.0.0.1:80").ahead.first, model::closer::client);
    EXPECT_EQ(row(validated_http(direct, {"--nginx-version", "1.22.1"}), "10.0.0.1:80").ahead.first,
              model::closer::undecided);
}

TEST(Question, MistakesNameTheOptionAndWhatWasExpected) {
    struct mistake {
        words options;
        std::string says;
    };
    const std::vector<mistake> all{
        {{"--client", "fierfox"}, "--client: no client profile is called 'fierfox'; did you mean 'firefox'?"},
        {{"--client", "idle=30s,mod=timer"},
         "--client: idle=30s,mod=timer: a policy has no 'mod'; did you mean 'mode'?"},
        {{"--client", "mode=timer"}, "--client: mode=timer: a policy needs its idle limit: idle=30s, or idle=never"},
        {{"--rate", "many"}, "--rate: expected a number above 0, not 'many'"},
        {{"--rate", "0"}, "--rate: expected a number above 0, not '0'"},
        {{"--connections", "-4"}, "--connections: expected a whole number, 1 or more, not '-4'"},
    };
    for (const auto& one : all) {
        try {
            (void)validate::read_question(one.options, all_profiles());
            ADD_FAILURE() << one.says;
        } catch (const bad_input& error) {
            EXPECT_EQ(error.what(), one.says);
        }
    }
}

}  // namespace

}  // namespace firstfin::test
