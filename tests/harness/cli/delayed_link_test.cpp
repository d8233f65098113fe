#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "tests/harness/cli/all_endings.hpp"
#include "tests/harness/sandbox/eventually.hpp"
#include "tests/harness/sandbox/needs_delayed_links.hpp"
#include "tests/support/installation.hpp"

// link.delay from outside: what it does to verdicts, and that its relay never outlives a run.

namespace firstfin::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using firstfin::testing::eventually;

/// In the middle between the limits that make one side first: 20 ms either way are left for late timers.
const std::string crossing = R"(
[server]
keepalive_timeout = "220ms"
[client]
close_mode = "timer"
idle_timeout = "200ms"
[link]
delay = "20ms"
[run]
replicates = 20
)";

const std::string long_experiment = R"(
[link]
delay = "5ms"
[run]
replicates = 40
[sweep]
"server.keepalive_timeout" = { from = "200ms", to = "2s", step = "200ms" }
)";

class DelayedRun : public firstfin::testing::needs_delayed_links {
protected:
    /// The relays of this installation's runs.
    [[nodiscard]] std::vector<pid_t> relays() const {
        std::vector<pid_t> out;
        for (const auto pid : here.processes("firstfin")) {
            std::ifstream comm("/proc/" + std::to_string(pid) + "/comm");
            std::string name;
            std::getline(comm, name);
            if (name == "firstfin-relay") out.push_back(pid);
        }
        return out;
    }
    [[nodiscard]] bool has_results() const {
        std::error_code none;
        const auto log = here.folder() / "run" / "run.db-wal";
        return fs::exists(log, none) && fs::file_size(log, none) > 100'000;
    }
    /// A command of an ordinary user on a machine whose /dev/net is what `prepare` makes of an empty folder.
    [[nodiscard]] finished as_user_with_dev_net(const std::string& prepare, const std::string& command) const {
        std::string as_user;
        for (const auto& word : installation::as_user({}))
            as_user += word + " ";
        return here.shell("unshare -m sh -c 'mount -t tmpfs none /dev/net && " + prepare + " && cd user && " + as_user +
                          command + "'");
    }
    installation here;
};

void expect_crossed(const finished& ended, std::size_t cells) {
    ASSERT_EQ(ended.exit_code, 0) << ended.err << ended.out;
    const auto whole = json::parse(ended.out);
    ASSERT_EQ(whole.at("cells").as_array().size(), cells);
    for (const auto& cell : whole.at("cells").as_array()) {
        EXPECT_EQ(cell.at("tie_band"), false);
        EXPECT_EQ(cell.at("conflicts"), 0);
        EXPECT_EQ(cell.at("invalid"), 0);
        for (const auto& [verdict, value] :
             {std::pair("ending", "simultaneous"), std::pair("time_wait", "both"), std::pair("first_fin", "both")})
            EXPECT_GE(cell.at(verdict).at(value).to_number<int>(), 19) << json::serialize(cell);
    }
}

TEST_F(DelayedRun, FinsThatCrossLeaveBothSidesWaiting) {
    const auto file = here.file("crossing.toml", crossing + "[sweep]\n\"link.family\" = [\"ipv4\", \"ipv6\"]\n");
    expect_crossed(here.firstfin({"run", file, "--sandbox", "netns", "--format", "json", "--out", "run"}), 2);
    EXPECT_TRUE(here.processes().empty());
}

TEST_F(DelayedRun, AUserWhoMayOpenTheDeviceNeedsNoRoot) {
    here.file("crossing.toml", crossing);
    expect_crossed(as_user_with_dev_net("mknod -m 666 /dev/net/tun c 10 200",
                                        "firstfin run ../crossing.toml --sandbox userns --format json --out run"),
                   1);
    EXPECT_TRUE(here.processes().empty());
}

TEST_F(DelayedRun, WithoutTheDeviceTheRemedyIsNamedAndNothingRuns) {
    const std::string command = "firstfin run --set link.delay=1ms --sandbox userns --out run";
    for (const auto& [prepare, remedy] : {std::pair("mknod -m 600 /dev/net/tun c 10 200", "chmod 666 /dev/net/tun"),
                                          std::pair("true", "modprobe tun")}) {
        const auto ended = as_user_with_dev_net(prepare, command);
        EXPECT_EQ(ended.exit_code, 3) << ended.err;
        EXPECT_NE(ended.err.find(remedy), std::string::npos) << ended.err;
        EXPECT_FALSE(fs::exists(here.user_folder() / "run"));
    }
}

TEST_F(DelayedRun, EveryKindOfEndingIsWhatTheModelSays) {
    const auto ended = here.firstfin({"run", here.file("endings.toml", all_endings_with(3)), "--set", "link.delay=5ms",
                                      "--format", "json", "--out", "run"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err << ended.out;
    expect_the_models_endings(json::parse(ended.out).as_object(), 3);
}

TEST_F(DelayedRun, TheCaptureShowsHandshakesOfTwoDelaysWhateverTheTimeScale) {
    const auto file = here.file("delays.toml", R"(
[server]
keepalive_timeout = "2s"
[sweep]
"link.delay" = ["0s", "10ms", "30ms"]
[run]
replicates = 20
)");
    ASSERT_EQ(here.firstfin({"run", file, "--time-scale", "0.1", "--out", "run"}).exit_code, 0);
    std::map<std::string, std::vector<double>> handshakes;
    std::istringstream lines(here.firstfin({"report", "run", "--format", "jsonl"}).out);
    for (std::string line; std::getline(lines, line);) {
        const auto trial = json::parse(line);
        if (trial.as_object().find("timeline") == trial.as_object().end()) continue;
        const auto& entries = trial.at("timeline").at("entries").as_array();
        const auto answer = std::ranges::find_if(
            entries, [](const json::value& one) { return one.at("witness") == "wire" && one.at("side") == "server"; });
        ASSERT_NE(answer, entries.end());
        handshakes[std::string(trial.at("params").at("link.delay").as_string())].push_back(
            answer->at("t_s").to_number<double>() * 1000);
    }
    ASSERT_EQ(handshakes.size(), 3U);
    for (const auto& [delay, least] : {std::pair("0s", 0.0), std::pair("10ms", 20.0), std::pair("30ms", 60.0)}) {
        auto& took = handshakes[delay];
        ASSERT_EQ(took.size(), 20U) << delay;
        std::ranges::sort(took);
        EXPECT_GE(took.front(), least) << delay;
        EXPECT_LE(took[took.size() * 9 / 10], least + 20) << delay;
    }
}

TEST_F(DelayedRun, KillNineLeavesNoRelay) {
    auto run = here.start({"run", here.file("long.toml", long_experiment), "--out", "run"});
    ASSERT_TRUE(eventually([&] { return has_results(); })) << run.err_so_far();
    EXPECT_EQ(relays().size(), 1U);
    run.signal(SIGKILL);
    (void)run.wait();
    EXPECT_TRUE(eventually([&] { return here.processes().empty(); }));
}

TEST_F(DelayedRun, ARelayThatDiesMakesTheRestInvalidAndNothingElse) {
    auto run = here.start({"run", here.file("long.toml", long_experiment), "--format", "json", "--out", "run"});
    ASSERT_TRUE(eventually([&] { return has_results(); })) << run.err_so_far();
    ASSERT_EQ(relays().size(), 1U);
    ASSERT_EQ(::kill(relays().front(), SIGKILL), 0);
    const auto ended = run.wait();
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
    const auto whole = json::parse(ended.out);
    int invalid = 0;
    for (const auto& cell : whole.at("cells").as_array()) {
        invalid += cell.at("invalid").to_number<int>();
        EXPECT_EQ(cell.at("conflicts"), 0);
        EXPECT_EQ(cell.at("first_fin").at("server").to_number<int>(),
                  cell.at("trials").to_number<int>() - cell.at("invalid").to_number<int>());
    }
    EXPECT_GT(invalid, 0);
    EXPECT_LT(invalid, 400);
    EXPECT_NE(ended.out.find("the relay of the delayed link ended: signal 9 (Killed)"), std::string::npos) << ended.out;
}

}  // namespace
}  // namespace firstfin::test
