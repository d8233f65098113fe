#include "harness/bench/run/settings.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "core/parse_error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::bench {
namespace {

settings with(std::initializer_list<std::pair<const char*, const char*>> given) {
    settings out;
    for (const auto& [name, text] : given)
        set(out, name, text);
    return out;
}

std::vector<std::string> names_of(const settings& all) {
    std::vector<std::string> out;
    for (const auto& each : cases_of(all))
        out.push_back(each.name);
    return out;
}

using names = std::vector<std::string>;

TEST(BenchSettings, EveryCombinationIsACase) {
    EXPECT_EQ(names_of(settings()), (names{"builtin/64/1", "builtin/64/10", "builtin/64/100", "builtin/64/inf"}));
    EXPECT_EQ(
        names_of(with({{"target", "nginx, builtin"}, {"connections", "8"}, {"requests_per_connection", "inf,2"}})),
        (names{"nginx/8/inf", "nginx/8/2", "builtin/8/inf", "builtin/8/2"}));
    EXPECT_EQ(names_of(with({{"rate", "0,500"}, {"requests_per_connection", "1"}})),
              (names{"builtin/64/1", "builtin/64/1/500rps"}));
}

TEST(BenchSettings, WhatHasNoEndIsEndedByNobody) {
    EXPECT_EQ(names_of(with({{"ends", "server,client,reset"}, {"requests_per_connection", "1,inf"}})),
              (names{"builtin/64/1/server", "builtin/64/1/client", "builtin/64/1/reset", "builtin/64/inf/server"}));
}

TEST(BenchSettings, ACaseSaysWhatItIs) {
    const auto all = cases_of(with({{"target", "http://127.0.0.1:81/x"},
                                    {"rate", "12.5"},
                                    {"spacing", "poisson"},
                                    {"pipelining", "4"},
                                    {"requests_per_connection", "3"},
                                    {"ends", "reset"}}));
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].target, target_kind::url);
    EXPECT_EQ(all[0].where, "http://127.0.0.1:81/x");
    EXPECT_EQ(all[0].rate, 12.5);
    EXPECT_EQ(all[0].spacing, load::arrival::poisson);
    EXPECT_EQ(all[0].pipelining, 4U);
    EXPECT_EQ(all[0].requests_per_connection, count_limit{3});
    EXPECT_EQ(all[0].ends, load::closer::reset);
}

struct wrong_row {
    const char* name;
    const char* text;
    const char* says;
};

class WrongBenchSettings : public ::testing::TestWithParam<wrong_row> {};

TEST_P(WrongBenchSettings, AreNamed) {
    settings into;
    try {
        set(into, GetParam().name, GetParam().text);
        FAIL() << "taken";
    } catch (const bad_input& wrong) {
        EXPECT_NE(std::string(wrong.what()).find(GetParam().says), std::string::npos) << wrong.what();
    }
}

INSTANTIATE_TEST_SUITE_P(
    Names, WrongBenchSettings,
    ::testing::Values(wrong_row{"target", "https://x/", "target: expected builtin, nginx or http://"},
                      wrong_row{"connections", "0", "connections: at least 1"},
                      wrong_row{"connections", "8,8", "'8' is there twice"},
                      wrong_row{"requests_per_connection", "many", "number of requests or inf"},
                      wrong_row{"rate", "-1", "rate: expected requests a second"},
                      wrong_row{"rate", "nan", "rate: expected"}, wrong_row{"rate", "1e99", "rate: expected"},
                      wrong_row{"ends", "nobody", "ends: "}, wrong_row{"duration", "0", "duration: it must be longer"},
                      wrong_row{"duration", "10", "duration: "},
                      wrong_row{"repetitions", "0", "repetitions: at least 1"},
                      wrong_row{"colour", "red", "unknown setting 'colour'"}));

class BenchFile : public ::testing::Test {
protected:
    settings read(const std::string& text) {
        const auto file = folder.path() / "few.toml";
        std::ofstream(file) << text;
        return read_settings(file);
    }
    std::string complaint(const std::string& text) {
        try {
            (void)read(text);
        } catch (const bad_input& wrong) {
            return wrong.what();
        }
        return "taken";
    }
    test::temporary_folder folder;
};

TEST_F(BenchFile, SaysWhatTheOptionsSay) {
    const auto got = read(R"(
[bench]
title = "Few ports"
target = ["builtin", "nginx"]
connections = 16
requests_per_connection = [1, "inf"]
rate = 100.5
duration = "2s"
repetitions = 3
[[bench.sysctls]]
"net.ipv4.tcp_tw_reuse" = 0
[[bench.sysctls]]
"net.ipv4.tcp_tw_reuse" = 1
"net.ipv4.ip_local_port_range" = "40000 40999"
)");
    EXPECT_EQ(got.name, "few");
    EXPECT_EQ(got.title, "Few ports");
    EXPECT_EQ(got.targets, (names{"builtin", "nginx"}));
    EXPECT_EQ(got.measured, std::chrono::seconds(2));
    EXPECT_EQ(got.sysctls.size(), 2U);
    const auto cases = cases_of(got);
    EXPECT_EQ(cases.size(), 8U);
    std::set<std::string> different;
    for (const auto& each : cases)
        different.insert(each.name);
    EXPECT_EQ(different.size(), 8U);
    EXPECT_FALSE(wants_exhaustion(cases[0]));
    EXPECT_TRUE(wants_exhaustion(cases[2]));
}

TEST_F(BenchFile, MistakesHaveTheirPlace) {
    EXPECT_NE(complaint("[bench]\nconnections = 0\n").find("few.toml:2:15: connections: at least 1"),
              std::string::npos);
    EXPECT_NE(complaint("[bench]\nconections = 8\n").find("few.toml:2:1: "), std::string::npos);
    EXPECT_NE(complaint("[bench]\nconections = 8\n").find("connections"), std::string::npos);
    EXPECT_NE(complaint("[sweep]\n").find("few.toml"), std::string::npos);
    EXPECT_NE(complaint("").find("no [bench] table"), std::string::npos);
    EXPECT_NE(complaint("[bench]\nsysctls = 4\n").find("few.toml:2:11: sysctls: expected a table"), std::string::npos);
}

TEST(CommittedBenches, AllHaveCases) {
    std::size_t files = 0;
    for (const auto& each : std::filesystem::directory_iterator(FIRSTFIN_REUSE_EXPERIMENTS)) {
        const auto got = read_settings(each.path());
        EXPECT_FALSE(got.title.empty()) << each.path();
        EXPECT_GE(cases_of(got).size(), 3U) << each.path();
        ++files;
    }
    EXPECT_GE(files, 5U);
}

}  // namespace
}  // namespace firstfin::bench
