// `firstfin bench`, `report` and `compare` as a user has them. What was measured is no matter of these tests: the
// machine is shared. That a busy machine spoils a repetition is said in it, and the exit code is then 1.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <csignal>
#include <fstream>

#include "core/profile.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

namespace firstfin::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct Bench : testing::needs_namespaces {
    /// Short phases: what is under test is everything around them.
    [[nodiscard]] finished bench(std::vector<std::string> more) const {
        std::vector<std::string> all{"bench", "--warm-up", "100ms", "--duration", "300ms"};
        all.insert(all.end(), more.begin(), more.end());
        return here.firstfin(all);
    }
    static json::value document(const finished& ended) {
        EXPECT_LE(ended.exit_code, 1) << ended.err;
        boost::system::error_code failed;
        auto out = json::parse(ended.out, failed);
        EXPECT_FALSE(failed) << ended.out << ended.err;
        return out;
    }
    std::string text_of(const fs::path& file) const {
        std::ifstream in(file);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    installation here;
};

TEST_F(Bench, EveryCaseAsOftenAsAskedAndKept) {
    const auto whole = document(bench({"--requests-per-connection", "1,inf", "--connections", "4", "--repetitions", "3",
                                       "--out", "run", "--format", "json"}));
    EXPECT_EQ(whole.at("schema"), 1);
    const auto& cases = whole.at("cases").as_array();
    ASSERT_EQ(cases.size(), 2U);
    for (const auto& one : cases) {
        EXPECT_EQ(one.at("repetitions").as_array().size(), 3U);
        EXPECT_EQ(one.at("connections"), 4);
        EXPECT_GT(one.at("requests_per_s").to_number<double>(), 0) << json::serialize(one);
    }
    EXPECT_TRUE(whole.at("environment").as_object().contains("kernel"));
    EXPECT_EQ(here.processes(), std::vector<pid_t>{});

    const auto again = here.firstfin({"report", "run", "--format", "json"});
    EXPECT_EQ(json::parse(again.out), whole);
    for (const std::string format : {"text", "csv", "markdown"}) {
        const auto shown = here.firstfin({"report", "run", "--format", format});
        EXPECT_LE(shown.exit_code, 1) << shown.err;
        EXPECT_NE(shown.out.find("builtin/4/inf"), std::string::npos) << shown.out;
        EXPECT_EQ(shown.out.find('\x1b'), std::string::npos);
    }
    const auto wrong = here.firstfin({"report", "run", "--format", "jsonl"});
    EXPECT_EQ(wrong.exit_code, 2);

    const auto compared = here.firstfin({"compare", "run", "run"});
    EXPECT_EQ(compared.exit_code, 0) << compared.err;
    EXPECT_NE(compared.out.find("builtin/4/1"), std::string::npos) << compared.out;
}

TEST_F(Bench, GoogleBenchmarksShapeForItsTools) {
    const auto whole = document(bench({"--requests-per-connection", "inf", "--connections", "2", "--repetitions", "2",
                                       "--out", "run", "--benchmark_format", "json"}));
    EXPECT_TRUE(whole.at("context").is_object());
    // Only what is a measurement is in it.
    EXPECT_TRUE(whole.at("benchmarks").is_array());
}

TEST_F(Bench, RunningOutOfPortsOnPurposeIsAResult) {
    const auto example = (experiments_folder() / "reuse" / "ports.toml").string();
    const auto whole = document(here.firstfin(
        {"bench", example, "--duration", "2s", "--repetitions", "1", "--out", "run", "--format", "json"}));
    const auto& cases = whole.at("cases").as_array();
    ASSERT_EQ(cases.size(), 3U);
    const auto& never = cases[0];
    const auto& reused = cases[1];
    EXPECT_EQ(never.at("time_wait").at("client").to_number<int>(), 1000) << json::serialize(never);
    EXPECT_GT(never.at("errors").at("no_port").to_number<int>(), 0);
    EXPECT_GT(reused.at("connections_opened").to_number<double>(), never.at("connections_opened").to_number<double>());
    // By how much more is the machine's affair: results/reuse shows it.
    EXPECT_GT(cases[2].at("connections_opened").to_number<double>(), never.at("connections_opened").to_number<double>());
}

TEST_F(Bench, CtrlCKeepsWhatHasFinished) {
    auto run = here.start({"bench", "--requests-per-connection", "inf", "--warm-up", "0", "--duration", "300ms",
                           "--repetitions", "1000", "--out", "run", "--format", "json"});
    while (!run.is_over() && text_of(here.folder() / "run" / "bench.json").empty())
        ::usleep(10'000);
    run.signal(SIGINT);
    const auto ended = run.wait();
    EXPECT_EQ(ended.exit_code, 4) << ended.err;
    EXPECT_NE(ended.err.find("interrupted"), std::string::npos) << ended.err;
    const auto whole = json::parse(ended.out);
    EXPECT_FALSE(whole.at("cases").at(0).at("repetitions").as_array().empty());
    EXPECT_EQ(here.processes(), std::vector<pid_t>{});
    EXPECT_EQ(here.firstfin({"report", "run"}).err, "");
}

TEST_F(Bench, KillNineLeavesNothingThatRuns) {
    auto run = here.start({"bench", "--duration", "60s", "--out", "run"});
    while (!run.is_over() && (here.processes("firstfin-client").empty() || here.processes("firstfin-server").empty()))
        ::usleep(10'000);
    run.signal(SIGKILL);
    (void)run.wait();
    for (int tries = 0; tries < 500 && !here.processes().empty(); ++tries)
        ::usleep(10'000);
    EXPECT_EQ(here.processes(), std::vector<pid_t>{});
}

TEST_F(Bench, AnOrdinaryUserMayToo) {
    const auto ended = here.firstfin_as_user({"bench", "--warm-up", "0", "--duration", "200ms", "--repetitions", "1",
                                              "--requests-per-connection", "1", "--out", "run", "--format", "json"});
    EXPECT_LE(ended.exit_code, 1) << ended.err;
    EXPECT_EQ(json::parse(ended.out).at("environment").at("sandbox"), "userns");
}

struct wrong_row {
    const char* name;
    std::vector<std::string> arguments;
    int exit_code;
    const char* says;
};

class WrongBench : public ::testing::TestWithParam<wrong_row> {
protected:
    installation here;
};

TEST_P(WrongBench, IsRefusedWithAMessageAndLeavesNothing) {
    auto arguments = GetParam().arguments;
    arguments.insert(arguments.begin(), {"bench", "--out", "run"});
    const auto ended = here.firstfin(arguments);
    EXPECT_EQ(ended.exit_code, GetParam().exit_code) << ended.err;
    EXPECT_NE(ended.err.find(GetParam().says), std::string::npos) << ended.err;
    EXPECT_EQ(ended.out, "");
    EXPECT_FALSE(fs::exists(here.folder() / "run"));
}

INSTANTIATE_TEST_SUITE_P(
    Names, WrongBench,
    ::testing::Values(
        wrong_row{"another_machine", {"--target", "http://192.0.2.1/"}, 2, "--allow-remote"},
        wrong_row{"two_urls", {"--target", "http://127.0.0.1:1/,http://127.0.0.1:2/"}, 2, "one URL at a time"},
        wrong_row{
            "sysctls_of_the_host", {"--target", "http://127.0.0.1:1/", "--sysctl", "a=1"}, 2, "network of our own"},
        wrong_row{"no_number", {"--connections", "many"}, 2, "--connections: "},
        wrong_row{"no_time", {"--duration", "5"}, 2, "--duration: "},
        wrong_row{"no_sysctl", {"--sysctl", "x"}, 2, "NAME=VALUE"},
        wrong_row{"no_file", {"nowhere.toml"}, 2, "nowhere.toml"},
        wrong_row{"no_format", {"--format", "xml"}, 2, "xml"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_F(Bench, NobodyAtTheUrlIsSaidAndDiscarded) {
    const auto ended = bench(
        {"--target", "http://127.0.0.1:1/", "--requests-per-connection", "inf", "--repetitions", "1", "--out", "run"});
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
    EXPECT_NE(ended.out.find("discard this run"), std::string::npos) << ended.out;
    EXPECT_NE(ended.out.find("refused"), std::string::npos) << ended.out;
}

TEST_F(Bench, AFolderWithSomethingInItIsNotWrittenTo) {
    here.file("there.txt", "mine");
    const auto ended = bench({"--out", here.folder().string()});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_NE(ended.err.find("not empty"), std::string::npos) << ended.err;
}

TEST_F(Bench, ComparingWhatIsNoBenchmarkIsRefused) {
    const auto ended = here.firstfin({"compare", "nowhere", "there"});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_NE(ended.err.find("nowhere: no benchmark is kept there"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace firstfin::test
