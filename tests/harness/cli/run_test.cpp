#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/harness/cli/all_endings.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

namespace firstfin::test {
namespace {

namespace json = boost::json;

class Run : public firstfin::testing::needs_namespaces {
protected:
    json::object report(const finished& ended) {
        EXPECT_EQ(ended.exit_code, 0) << ended.err << ended.out;
        return json::parse(ended.out).as_object();
    }
    installation here;
};

TEST_F(Run, SettlesOnePairWithAllThreeWitnesses) {
    const auto ended = here.firstfin({"run", "--set", "server.keepalive_timeout=200ms", "--set",
                                      "client.idle_timeout=100ms", "--format", "json", "--out", "run"});
    const auto cell = report(ended).at("cells").at(0);
    EXPECT_EQ(cell.at("first_fin").at("client"), 1);
    EXPECT_EQ(cell.at("time_wait").at("client"), 1);
    EXPECT_EQ(cell.at("ending").at("orderly"), 1);
    EXPECT_GE(cell.at("idle_at_close_s").at("min").to_number<double>(), 0.1);
    const auto lines = here.firstfin({"report", "run", "--format", "jsonl"}).out;
    for (const auto* witness : {"\"wire\"", "\"sockets\"", "\"subjects\""})
        EXPECT_NE(lines.find(witness), std::string::npos) << lines;
}

TEST_F(Run, EveryKindOfEndingIsWhatTheModelSays) {
    const auto file = here.file("endings.toml", all_endings_with(3));
    const auto whole = report(here.firstfin({"run", file, "--format", "json", "--out", "run"}));
    expect_the_models_endings(whole, 3);
    EXPECT_EQ(here.processes(), std::vector<pid_t>{});
}

TEST_F(Run, Ipv6AndSysctlsMakeStagesOfTheirOwn) {
    const auto file = here.file("families.toml", R"(
[server]
keepalive_timeout = "100ms"
[sweep]
"link.family" = ["ipv4", "ipv6"]
"sysctl.server.net.ipv4.tcp_fin_timeout" = ["60", "20"]
)");
    const auto whole = report(here.firstfin({"run", file, "--format", "json", "--out", "run"}));
    ASSERT_EQ(whole.at("cells").as_array().size(), 4U);
    for (const auto& cell : whole.at("cells").as_array())
        EXPECT_EQ(cell.at("time_wait").at("server"), 1);
}

TEST_F(Run, AnOrphanedFinWait2RunsOutAndTheClientIsLeftInCloseWait) {
    const auto file = here.file("orphan.toml", R"(
[server]
keepalive_timeout = "50ms"
[client]
close_mode = "lazy"
notices_fin = "lazy"
[run]
observe = "3s"
[sweep]
"sysctl.server.net.ipv4.tcp_fin_timeout" = ["1", "60"]
)");
    const auto whole = report(here.firstfin({"run", file, "--format", "json", "--out", "run"}));
    for (const auto& cell : whole.at("cells").as_array())
        EXPECT_EQ(cell.at("ending").at("half_closed"), 1);
    const auto lines = here.firstfin({"report", "run", "--format", "jsonl"}).out;
    EXPECT_NE(lines.find("the server's table holds FIN_WAIT_2"), std::string::npos);
    EXPECT_NE(lines.find("the client's table holds CLOSE_WAIT"), std::string::npos);
}

TEST_F(Run, WindowsAreDrawnFromTheSeed) {
    const std::vector<std::string> command{"run",   "--server",     "nginx", "--client", "firefox", "--time-scale",
                                           "0.002", "--replicates", "8",     "--format", "json"};
    const auto with = [&](const std::string& seed, const std::string& out) {
        auto arguments = command;
        arguments.insert(arguments.end(), {"--set", "server.keepalive_timeout=never", "--seed", seed, "--out", out});
        return report(here.firstfin(arguments)).at("cells").at(0).at("idle_at_close_s").as_object();
    };
    const auto one = with("1", "one");
    const auto again = with("1", "again");
    // 115 to 125 s at 0.002: a window of 20 ms. Draws agree to within what a loop may be late.
    EXPECT_NEAR(one.at("median").to_number<double>(), again.at("median").to_number<double>(), 0.005);
    EXPECT_GE(one.at("min").to_number<double>(), 0.230);
    EXPECT_GT(one.at("max").to_number<double>() - one.at("min").to_number<double>(), 0.005);
}

TEST_F(Run, SeveralFilesRunAtOnceEachItsOwnRun) {
    const auto one = here.file("one.toml", "[server]\nkeepalive_timeout = \"100ms\"\n");
    const auto two = here.file("two.toml", "[server]\nkeepalive_timeout = \"150ms\"\n");
    const auto ended = here.firstfin({"run", one, two, "--out", "both"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(here.firstfin({"report", "both/one"}).exit_code, 0);
    EXPECT_EQ(here.firstfin({"report", "both/two"}).exit_code, 0);
}

TEST_F(Run, AMissedExpectationIsAFinding) {
    const auto file = here.file("expect.toml", R"(
[server]
keepalive_timeout = "100ms"
[[expect]]
article = "server"
today = "client"
)");
    const auto ended = here.firstfin({"run", file, "--format", "json", "--out", "run"});
    EXPECT_EQ(ended.exit_code, 1);
    const auto expect = json::parse(ended.out).at("expect").at(0);
    EXPECT_EQ(expect.at("measured"), "server");
    EXPECT_EQ(expect.at("met"), false);
}

TEST_F(Run, ManyTrialsGetFurtherProcessPairs) {
    const auto ended = here.shell(
        "ulimit -n 128; firstfin run --set server.keepalive_timeout=200ms --replicates 300 --format json --out run");
    const auto cell = report(ended).at("cells").at(0);
    EXPECT_EQ(cell.at("first_fin").at("server"), 300);
    EXPECT_NE(ended.err.find("process pairs"), std::string::npos) << ended.err;
}

TEST_F(Run, NothingOnStandardOutputButTheReport) {
    const auto ended =
        here.firstfin({"run", "--set", "server.keepalive_timeout=50ms", "--format", "csv", "--out", "run"});
    EXPECT_EQ(ended.out.find('\033'), std::string::npos);
    EXPECT_EQ(ended.err.find('\033'), std::string::npos);
    EXPECT_EQ(std::count(ended.out.begin(), ended.out.end(), '\n'), 2) << ended.out;
}

}  // namespace
}  // namespace firstfin::test
