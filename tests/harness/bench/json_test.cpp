#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>

#include "core/parse_error.hpp"
#include "harness/bench/bench_json.hpp"
#include "harness/bench/google_benchmark.hpp"
#include "tests/harness/bench/sample_bench.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::bench {
namespace {

namespace json = boost::json;

TEST(BenchJson, ARunComesBackAsItWas) {
    const auto run = sample_bench();
    const auto back = from_json(to_json(run), "bench.json");
    EXPECT_TRUE(back == run) << to_json(back);
}

TEST(BenchJson, WhatCannotBeKnownIsNull) {
    const auto whole = json::parse(to_json(sample_bench()));
    const auto& url = whole.at("cases").at(2);
    EXPECT_TRUE(url.at("cpu_us_per_request").at("client").is_null());
    EXPECT_TRUE(url.at("time_wait").at("server").is_null());
    EXPECT_TRUE(url.at("segments_per_request").is_null());
    EXPECT_EQ(url.at("reuse_ratio").at("ideal"), 10);
    const auto& endless = whole.at("cases").at(1);
    EXPECT_TRUE(endless.at("reuse_ratio").at("used").is_null());
    EXPECT_TRUE(endless.at("rate").is_null());
    EXPECT_EQ(endless.at("requests_per_s").to_number<double>(), 5300) << "without the discarded one";
    EXPECT_EQ(endless.at("discard").as_array().size(), 1U);
}

TEST(BenchJson, IsWhatItsSchemaSays) {
    const test::temporary_folder folder;
    const auto file = folder.path() / "bench.json";
    std::ofstream(file) << to_json(sample_bench());
    const auto command = "python3 -m jsonschema -i " + file.string() + " " + FIRSTFIN_BENCH_SCHEMA + " 2>" +
                         (folder.path() / "said").string();
    EXPECT_EQ(std::system(command.c_str()), 0) << std::ifstream(folder.path() / "said").rdbuf();
}

TEST(BenchJson, OtherTextsAreRefusedWithTheirName) {
    for (const std::string text : {"", "[]", "{}", R"({"schema":2})", R"({"schema":1})"}) {
        try {
            (void)from_json(text, "here/bench.json");
            ADD_FAILURE() << text;
        } catch (const bad_input& refused) {
            EXPECT_EQ(std::string(refused.what()).rfind("here/bench.json: ", 0), 0U) << refused.what();
        }
    }
}

TEST(BenchJson, GoogleBenchmarksShape) {
    const auto whole = json::parse(as_google_benchmark(sample_bench()));
    EXPECT_TRUE(whole.at("context").at("date").is_string());
    const auto& lines = whole.at("benchmarks").as_array();
    // Three rounds and two kept ones, each with mean, median and deviation; the URL's client tells no CPU time.
    ASSERT_EQ(lines.size(), 3U + 3U + 2U + 3U);
    const auto& first = lines[0];
    EXPECT_EQ(first.at("name"), "builtin/64/1");
    EXPECT_EQ(first.at("run_type"), "iteration");
    EXPECT_EQ(first.at("time_unit"), "us");
    EXPECT_EQ(first.at("real_time").to_number<double>(), 1000);
    EXPECT_EQ(first.at("cpu_time").to_number<double>(), 500);
    const auto& middle = lines[4];
    EXPECT_EQ(middle.at("name"), "builtin/64/1_median");
    EXPECT_EQ(middle.at("aggregate_name"), "median");
    EXPECT_EQ(middle.at("real_time").to_number<double>(), 1000);
}

}  // namespace
}  // namespace firstfin::bench
