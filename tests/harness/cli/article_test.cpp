#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "core/profile.hpp"
#include "tests/harness/cli/claim_verdicts.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

namespace firstfin::test {
namespace {

class Article : public firstfin::testing::needs_namespaces {
protected:
    installation here;
};

TEST_F(Article, SaysTheSameToAnOrdinaryUser) {
    // The experiments whose times are real: the others differ in length alone.
    const std::vector<std::string> quick{"handshake",        "teardown-by-client", "teardown-by-server", "persistent",
                                         "connection-close", "socket-counts",      "keepalive-zero"};
    std::vector<std::string> arguments{"run"};
    for (const auto& each : quick)
        arguments.push_back((experiments_folder() / "article" / (each + ".toml")).string());
    const auto verdicts_in = [&](const std::vector<std::string>& with, bool as_user) {
        auto whole = arguments;
        whole.insert(whole.end(), with.begin(), with.end());
        const auto ran = as_user ? here.firstfin_as_user(whole) : here.firstfin(whole);
        EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
        const auto folder = (as_user ? here.user_folder() : here.folder()) / with.back();
        std::vector<std::string> claims{"claims", "--format", "csv"};
        for (const auto& each : quick)
            claims.push_back((folder / each).string());
        return verdicts(here.firstfin(claims).out);
    };
    const auto as_root = verdicts_in({"--out", "root"}, false);
    EXPECT_EQ(verdicts_in({"--sandbox", "userns", "--out", "user"}, true), as_root);
    EXPECT_GE(as_root.size(), 8U);

    // Without a capture, what needs the wire is said to be missing; nothing else changes.
    const auto two_witnesses = verdicts_in({"--sandbox", "loopback", "--out", "loopback"}, true);
    EXPECT_EQ(two_witnesses.at("1"), std::set<std::string>{"not shown"});
    EXPECT_EQ(two_witnesses.at("15"), as_root.at("15"));
}

TEST_F(Article, WhatASandboxCannotHoldIsLeftOutOfASetAndRefusedAlone) {
    const auto delayed = (experiments_folder() / "article" / "teardown-by-both.toml").string();
    const auto plain = (experiments_folder() / "article" / "handshake.toml").string();
    const auto set = here.firstfin({"run", delayed, plain, "--sandbox", "loopback", "--out", "set"});
    EXPECT_EQ(set.exit_code, 0) << set.err;
    EXPECT_NE(set.out.find("4 not shown"), std::string::npos) << set.out;
    EXPECT_NE(set.err.find("left out: teardown-by-both"), std::string::npos) << set.err;
    EXPECT_EQ(here.firstfin({"run", delayed, "--sandbox", "loopback", "--out", "alone"}).exit_code, 2);
}

TEST_F(Article, WhatNoScaleReachesIsRefusedAlone) {
    const auto refused = here.firstfin(
        {"run", (experiments_folder() / "article" / "time-wait-length.toml").string(), "--time-scale", "0.02"});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.err.find("no scale reaches"), std::string::npos) << refused.err;
}

TEST_F(Article, ClaimsOfARunWithoutClaimsAreRefused) {
    const auto file = here.file("plain.toml", "[server]\nkeepalive_timeout = \"100ms\"\n");
    EXPECT_EQ(here.firstfin({"run", file, "--out", "plain"}).exit_code, 0);
    EXPECT_EQ(here.firstfin({"claims", "plain"}).exit_code, 2);
}

TEST_F(Article, FollowsAnOrphanUntilTheKernelForgetsIt) {
    const auto file = here.file("orphan.toml", R"(
[server]
keepalive_timeout = "50ms"
[client]
close_mode = "never"
notices_fin = "lazy"
[run]
follow_tables = true
observe = "20s"
[sysctl.server]
"net.ipv4.tcp_fin_timeout" = "2"
[[expect]]
claim = "1"
measure = "fin_wait_2_length"
article = "10s..20s"
today = "1.5s..4s"
[[expect]]
claim = "2"
measure = "first_fin"
article = "client"
today = "client"
)");
    const auto ran = here.firstfin({"run", file, "--out", "orphan"});
    EXPECT_EQ(ran.exit_code, 1) << ran.out;  // claim 2 is wrong on purpose
    EXPECT_NE(ran.out.find("1 not reproduced"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("claim 2: expected first_fin = client today, measured server"), std::string::npos)
        << ran.out;
    EXPECT_EQ(ran.out.find("claim 1: expected"), std::string::npos) << ran.out;
}

}  // namespace
}  // namespace firstfin::test
