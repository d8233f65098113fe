#include <gtest/gtest.h>
#include <signal.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "tests/harness/sandbox/eventually.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

namespace firstfin::test {
namespace {

namespace json = boost::json;
using firstfin::testing::eventually;

const std::string long_experiment = R"(
title = "two seconds"
[run]
replicates = 40
[sweep]
"server.keepalive_timeout" = { from = "200ms", to = "2s", step = "200ms" }
)";

class Fault : public firstfin::testing::needs_namespaces {
protected:
    installation here;
};

struct bad_row {
    const char* name;
    const char* command;
    int exit_code;
    const char* says;
};
class BadInput : public Fault, public ::testing::WithParamInterface<bad_row> {};

TEST_P(BadInput, IsRefusedWithAMessageAndLeavesNothing) {
    const auto& row = GetParam();
    here.file("good.toml", "[server]\nkeepalive_timeout = \"50ms\"\n");
    here.file("typo.toml", "[server]\nkeepalive_timout = \"50ms\"\n");
    here.file("huge.toml",
              "[run]\nreplicates = 1000000\n[sweep]\n\"server.keepalive_timeout\" = { from = \"1s\", to = \"100s\", "
              "step = \"1s\" }\n");
    here.file("not-a-run.txt", "hello");
    const auto ended = here.shell(row.command);
    EXPECT_EQ(ended.exit_code, row.exit_code) << ended.err << ended.out;
    EXPECT_NE((ended.err + ended.out).find(row.says), std::string::npos) << ended.err << ended.out;
    EXPECT_FALSE(std::filesystem::exists(here.folder() / "run" / "run.db"));
}

INSTANTIATE_TEST_SUITE_P(
    Names, BadInput,
    ::testing::Values(bad_row{"nothing_to_run", "firstfin run", 2, "Name an experiment file"},
                      bad_row{"no_such_file", "firstfin run missing.toml --out run", 2, "missing.toml: no such file"},
                      bad_row{"unknown_key", "firstfin run typo.toml --out run", 2,
                              "typo.toml:2:20: unknown setting 'server.keepalive_timout'; did you mean"},
                      bad_row{"wrong_unit", "firstfin run good.toml --set server.keepalive_timeout=65 --out run", 2,
                              "expected a number and a unit"},
                      bad_row{"impossible_window", "firstfin run good.toml --set client.close_window=9s..5s --out run",
                              2, "ends before it begins"},
                      bad_row{"set_without_value", "firstfin run good.toml --set server.keepalive_timeout --out run", 2,
                              "expected key=value"},
                      bad_row{"unknown_profile", "firstfin run --server ngin --out run", 2, "did you mean 'nginx'?"},
                      bad_row{"unknown_option", "firstfin run good.toml --sed 4 --out run", 2, "--sed"},
                      bad_row{"unknown_sysctl",
                              "firstfin run good.toml --set sysctl.server.net.ipv4.tcp_finn=1 --out run", 2,
                              "tcp_finn"},
                      bad_row{"beyond_memory", "firstfin run huge.toml --out run", 3, "MB are available"},
                      bad_row{"beyond_descriptors", "ulimit -n 64; firstfin run good.toml --out run", 3, "ulimit -Hn"},
                      bad_row{"report_of_nothing", "firstfin report nowhere", 2, "nowhere"},
                      bad_row{"report_format", "firstfin report . --format pdf", 2, "pdf"},
                      bad_row{"resume_of_nothing", "firstfin run good.toml --resume --out run", 2, "run"},
                      bad_row{"resume_without_a_run", "firstfin run good.toml --resume", 2, "no run of 'good'"},
                      bad_row{"init_over_a_file", "firstfin init good.toml", 2, "exists already"},
                      bad_row{"no_subcommand", "firstfin", 2, "subcommand"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST_F(Fault, WithoutPrivilegeTheRemedyIsNamed) {
    here.file("good.toml", "[server]\nkeepalive_timeout = \"50ms\"\n");
    const auto ended = here.firstfin_as_user({"run", "../good.toml", "--out", "run", "--sandbox", "netns"});
    EXPECT_EQ(ended.exit_code, 3) << ended.err;
    EXPECT_NE(ended.err.find("root"), std::string::npos) << ended.err;
    EXPECT_FALSE(std::filesystem::exists(here.user_folder() / "run" / "run.db"));
}

TEST_F(Fault, ARoleProcessThatDiesMakesItsTrialsInvalidAndTheRunGoesOn) {
    auto run = here.start({"run", here.file("long.toml", long_experiment), "--format", "json", "--out", "run"});
    ASSERT_TRUE(eventually([&] {
        return !here.processes("firstfin-client").empty() &&
               std::filesystem::exists(here.folder() / "run" / "run.db-wal");
    }));
    ASSERT_TRUE(eventually([&] { return std::filesystem::file_size(here.folder() / "run" / "run.db-wal") > 100'000; }));
    for (const auto pid : here.processes("firstfin-client"))
        ::kill(pid, SIGKILL);
    const auto ended = run.wait();
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
    const auto whole = json::parse(ended.out);
    std::int64_t invalid = 0;
    std::int64_t trials = 0;
    for (const auto& cell : whole.at("cells").as_array()) {
        invalid += cell.at("invalid").to_number<std::int64_t>();
        trials += cell.at("trials").to_number<std::int64_t>();
        EXPECT_EQ(cell.at("conflicts"), 0);
    }
    EXPECT_EQ(trials, 400);
    EXPECT_GT(invalid, 0);
    EXPECT_LT(invalid, 400);
    EXPECT_NE(here.firstfin({"report", "run", "--format", "jsonl"}).out.find("the client ended: signal 9 (Killed)"),
              std::string::npos);
}

TEST_F(Fault, CtrlCKeepsWhatIsDoneAndTheRestCanFollow) {
    const auto file = here.file("long.toml", long_experiment);
    auto run = here.start({"run", file, "--format", "json", "--out", "run"});
    ASSERT_TRUE(eventually([&] {
        return std::filesystem::exists(here.folder() / "run" / "run.db-wal") &&
               std::filesystem::file_size(here.folder() / "run" / "run.db-wal") > 100'000;
    }));
    run.signal(SIGINT);
    const auto ended = run.wait();
    EXPECT_EQ(ended.exit_code, 4) << ended.err;
    EXPECT_NE(ended.err.find("--resume --out run"), std::string::npos) << ended.err;
    EXPECT_TRUE(eventually([&] { return here.processes().empty(); }));
    const auto rest = here.firstfin({"run", file, "--format", "json", "--resume", "--out", "run"});
    EXPECT_EQ(rest.exit_code, 0) << rest.err;
    const auto whole = json::parse(rest.out);
    for (const auto& cell : whole.at("cells").as_array())
        EXPECT_EQ(cell.at("trials"), 40);
}

TEST_F(Fault, AFullDiskStopsTheRunWithWhatItHas) {
    here.file("long.toml", long_experiment);
    std::filesystem::create_directory(here.folder() / "small");
    // A mount of the test's own, gone with the shell that made it.
    const auto ended = here.shell(
        "unshare -m sh -c 'mount -t tmpfs -o size=400k none small && firstfin run long.toml --out small/run; code=$?; "
        "firstfin report small/run --format csv; exit $code'");
    EXPECT_EQ(ended.exit_code, 3) << ended.err;
    EXPECT_NE(ended.err.find("full"), std::string::npos) << ended.err;
    EXPECT_NE(ended.err.find("--resume"), std::string::npos) << ended.err;
    EXPECT_TRUE(eventually([&] { return here.processes().empty(); }));
}

TEST_F(Fault, ADamagedOrForeignRunIsRefused) {
    const auto file = here.file("good.toml", "[server]\nkeepalive_timeout = \"50ms\"\n");
    for (const auto* content : {"this is no database, though it is long enough to look at twice", ""}) {
        std::filesystem::create_directories(here.folder() / "run");
        std::ofstream(here.folder() / "run" / "run.db") << content;
        const auto resumed = here.firstfin({"run", file, "--resume", "--out", "run"});
        EXPECT_EQ(resumed.exit_code, 2) << resumed.err;
        EXPECT_NE(resumed.err.find("run.db"), std::string::npos) << resumed.err;
        EXPECT_EQ(here.firstfin({"report", "run"}).exit_code, 2);
        EXPECT_EQ(here.firstfin({"run", file, "--out", "run"}).exit_code, 2)
            << "a run that is there is never overwritten";
    }
}

TEST_F(Fault, AnotherSeedScaleOrPlanIsNotResumed) {
    const auto file = here.file("good.toml", "[server]\nkeepalive_timeout = \"50ms\"\n");
    ASSERT_EQ(here.firstfin({"run", file, "--out", "run"}).exit_code, 0);
    const std::vector<std::vector<std::string>> changes{
        {"--seed", "9"}, {"--time-scale", "0.5"}, {"--replicates", "2"}, {"--set", "client.idle_timeout=9s"}};
    for (const auto& change : changes) {
        std::vector<std::string> command{"run", file, "--resume", "--out", "run"};
        command.insert(command.end(), change.begin(), change.end());
        const auto ended = here.firstfin(command);
        EXPECT_EQ(ended.exit_code, 2) << change[0] << ended.err;
    }
}

}  // namespace
}  // namespace firstfin::test
