#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <regex>

#include "harness/sandbox/answer_of_child.hpp"
#include "harness/store/run_db.hpp"
#include "tests/harness/cli/all_endings.hpp"
#include "tests/harness/sandbox/eventually.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

// The three sandboxes from outside: userns and loopback as an ordinary user, who finds the programs readable and one
// folder writable.

namespace firstfin::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using firstfin::testing::eventually;

/// What that user lacks; asked once.
std::optional<std::string> users_lack() {
    static const auto missing = sandbox::answer_of_child("ask for another user", [] {
        if (::geteuid() == 0 && (::setgid(installation::user()) != 0 || ::setuid(installation::user()) != 0))
            return std::optional<std::string>("no other user here");
        ::prctl(PR_SET_DUMPABLE, 1);  // as after execve
        return sandbox::missing_user_namespace();
    });
    return missing;
}

class Sandbox : public ::testing::Test {
protected:
    /// Skips, or fails where nothing may be skipped.
    static void need(const std::optional<std::string>& missing) {
        if (!missing) return;
        if (std::getenv("FIRSTFIN_NOTHING_SKIPPED")) FAIL() << *missing;
        GTEST_SKIP() << *missing;
    }
    finished run_in(const std::string& where, std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"run", "--sandbox", where, "--out", "run"});
        return where == "netns" ? here.firstfin(arguments) : here.firstfin_as_user(arguments);
    }
    [[nodiscard]] fs::path run_of(const std::string& where) const {
        return (where == "netns" ? here.folder() : here.user_folder()) / "run";
    }
    [[nodiscard]] std::string report(const std::string& where, const std::string& format) const {
        return here.firstfin({"report", run_of(where).string(), "--format", format}).out;
    }
    installation here;
};

class Everywhere : public Sandbox, public ::testing::WithParamInterface<const char*> {
protected:
    void SetUp() override {
        const std::string where = GetParam();
        if (where == "netns") need(sandbox::missing_privilege());
        if (where == "userns") need(users_lack());
    }
};
INSTANTIATE_TEST_SUITE_P(Names, Everywhere, ::testing::Values("netns", "userns", "loopback"),
                         [](const auto& one) { return std::string(one.param); });

class WithoutRoot : public Everywhere {};
INSTANTIATE_TEST_SUITE_P(Names, WithoutRoot, ::testing::Values("userns", "loopback"),
                         [](const auto& one) { return std::string(one.param); });

class Userns : public Sandbox {
protected:
    void SetUp() override { need(users_lack()); }
};

TEST_P(Everywhere, EveryKindOfEndingIsWhatTheModelSays) {
    const std::string where = GetParam();
    const auto ended = run_in(where, {here.file("endings.toml", all_endings_with(3)), "--format", "json"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err << ended.out;
    const auto whole = json::parse(ended.out).as_object();
    expect_the_models_endings(whole, 3);
    EXPECT_EQ(whole.at("environment").at("sandbox").as_string(), where);
    EXPECT_EQ(store::run_db::open_to_read(run_of(where)).run().sandbox, where);
    EXPECT_EQ(here.processes(), std::vector<pid_t>{});
}

TEST_P(Everywhere, TheWitnessesAreThoseOfTheSandbox) {
    const std::string where = GetParam();
    const auto ended = run_in(where, {"--set", "server.keepalive_timeout=100ms", "--format", "jsonl"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    const auto has = [&](const char* text) { return ended.out.find(text) != std::string::npos; };
    const bool wire = where != "loopback";
    EXPECT_EQ(has("\"witness\":\"wire\""), wire) << ended.out;
    EXPECT_EQ(has("\"wire_watched\":true"), wire) << ended.out;
    EXPECT_TRUE(has("\"witness\":\"sockets\"")) << ended.out;
    EXPECT_TRUE(has("\"witness\":\"subjects\"")) << ended.out;
    EXPECT_EQ(fs::exists(run_of(where) / "capture.pcap"), wire);
    // Lines may break anywhere in a paragraph.
    auto text = report(where, "text");
    text = std::regex_replace(text, std::regex("\\s+"), " ");
    EXPECT_NE(text.find("sandbox " + where), std::string::npos) << text;
    EXPECT_EQ(text.find("two witnesses") != std::string::npos, !wire) << text;
}

TEST_P(WithoutRoot, TheResultsBelongToTheUser) {
    const std::string where = GetParam();
    ASSERT_EQ(run_in(where, {"--set", "server.keepalive_timeout=50ms"}).exit_code, 0);
    for (const auto& entry : fs::directory_iterator(run_of(where))) {
        struct stat of {};
        ASSERT_EQ(::stat(entry.path().c_str(), &of), 0);
        EXPECT_EQ(of.st_uid, installation::user()) << entry.path();
    }
}

TEST_P(WithoutRoot, AFindingIsTheExitCodeAndTheReportTheOnlyOutput) {
    const auto file = here.file("expect.toml",
                                "[server]\nkeepalive_timeout = \"50ms\"\n[[expect]]\narticle = \"server\"\n"
                                "today = \"client\"\n");
    const auto ended = run_in(GetParam(), {file, "--format", "json"});
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
    EXPECT_EQ(json::parse(ended.out).at("expect").at(0).at("measured"), "server");
}

const std::string long_experiment = R"(
title = "two seconds"
[run]
replicates = 40
[sweep]
"server.keepalive_timeout" = { from = "200ms", to = "2s", step = "200ms" }
)";

bool has_results(const fs::path& run) {
    std::error_code none;
    return fs::exists(run / "run.db-wal", none) && fs::file_size(run / "run.db-wal", none) > 100'000;
}

TEST_P(WithoutRoot, KillNineOfWhatTheUserStartedLeavesNoProcess) {
    const std::string where = GetParam();
    auto run = here.start_as_user({"run", here.file("long.toml", long_experiment), "--sandbox", where, "--out", "run"});
    ASSERT_TRUE(eventually([&] { return has_results(run_of(where)); })) << run.err_so_far();
    EXPECT_GE(here.processes().size(), 3U);
    run.signal(SIGKILL);
    (void)run.wait();
    EXPECT_TRUE(eventually([&] { return here.processes().empty(); }));
}

TEST_P(WithoutRoot, ASignalToWhatTheUserStartedKeepsWhatIsDoneAndTheRestCanFollow) {
    const std::string where = GetParam();
    const auto file = here.file("long.toml", long_experiment);
    for (const int signal : {SIGINT, SIGTERM}) {
        std::vector<std::string> command{"run", file, "--sandbox", where, "--out", "run"};
        if (signal == SIGTERM) command.emplace_back("--resume");
        const auto before =
            fs::exists(run_of(where)) ? store::run_db::open_to_read(run_of(where)).finished().size() : 0;
        auto run = here.start_as_user(command);
        ASSERT_TRUE(eventually([&] { return has_results(run_of(where)); })) << run.err_so_far();
        run.signal(signal);
        const auto ended = run.wait();
        EXPECT_EQ(ended.exit_code, 4) << ended.err;
        EXPECT_GT(store::run_db::open_to_read(run_of(where)).finished().size(), before);
        EXPECT_TRUE(here.processes().empty());
    }
    EXPECT_EQ(run_in(where, {file, "--resume"}).exit_code, 0);
    EXPECT_EQ(store::run_db::open_to_read(run_of(where)).finished().size(), 400U);
}

// A terminal sends its Ctrl-C to every process of the foreground group.
TEST_F(Userns, CtrlCAtATerminalInterruptsOnce) {
    const auto file = here.file("long.toml", long_experiment);
    auto command = installation::as_user({(here.folder() / "bin" / "firstfin").string(), "run", file, "--out", "run"});
    std::vector<char*> arguments;
    for (auto& one : command)
        arguments.push_back(one.data());
    arguments.push_back(nullptr);
    const auto folder = here.user_folder().string();
    int terminal = -1;
    const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (pid == 0) {
        if (::chdir(folder.c_str()) == 0) ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    std::string shown;
    const auto read_some = [&] {
        std::array<char, 4096> piece;
        pollfd ready{terminal, POLLIN, 0};
        while (::poll(&ready, 1, 0) == 1 && (ready.revents & POLLIN) != 0) {
            const auto size = ::read(terminal, piece.data(), piece.size());
            if (size <= 0) break;
            shown.append(piece.data(), static_cast<std::size_t>(size));
        }
    };
    ASSERT_TRUE(eventually([&] {
        read_some();
        return has_results(run_of("userns"));
    })) << shown;
    ASSERT_EQ(::write(terminal, "\003", 1), 1);
    int word = 0;
    ASSERT_TRUE(eventually([&] {
        read_some();
        return ::waitpid(pid, &word, WNOHANG) == pid;
    })) << shown;
    ::close(terminal);
    EXPECT_TRUE(WIFEXITED(word));
    EXPECT_EQ(WEXITSTATUS(word), 4) << shown;
    EXPECT_NE(shown.find("interrupted"), std::string::npos) << shown;
    EXPECT_GT(store::run_db::open_to_read(run_of("userns")).finished().size(), 0U);
    EXPECT_TRUE(here.processes().empty());
}

/// The quickstart's limits differ by 5 ms next to the diagonal: the stalls of a busy machine are far longer.
bool limits_are_far_apart(const json::value& params) {
    const auto limit = [&](const char* name) {
        return parse_duration(std::string_view(params.at(name).as_string())).value();
    };
    return abs(limit("server.keepalive_timeout") - limit("client.idle_timeout")) > std::chrono::milliseconds(200);
}

/// Cell parameters to who was first and who waits, where limits are not a tie.
std::map<std::string, std::string> clear_verdicts(const finished& ended) {
    std::map<std::string, std::string> out;
    const auto whole = json::parse(ended.out).as_object();
    for (const auto& cell : whole.at("cells").as_array())
        if (!cell.at("tie_band").as_bool() && limits_are_far_apart(cell.at("params")))
            out[json::serialize(cell.at("params"))] =
                json::serialize(cell.at("first_fin")) + json::serialize(cell.at("time_wait"));
    return out;
}

TEST_F(Userns, TheQuickstartGivesTheVerdictsOfRoot) {
    need(sandbox::missing_privilege());
    if (IsSkipped() || HasFatalFailure()) return;
    const auto file = (here.folder() / "experiments" / "quickstart.toml").string();
    const auto root = clear_verdicts(run_in("netns", {file, "--format", "json"}));
    const auto user = clear_verdicts(run_in("userns", {file, "--format", "json"}));
    ASSERT_GE(root.size(), 40U);
    ASSERT_GE(user.size(), 40U);
    for (const auto& [params, verdict] : root)
        if (const auto same = user.find(params); same != user.end()) {
            EXPECT_EQ(same->second, verdict) << params;
        }
}

TEST_F(Userns, AutoChoosesItForAUserAndSysctlsAndIpv6Work) {
    const auto file = here.file("families.toml", R"(
[server]
keepalive_timeout = "100ms"
[sweep]
"link.family" = ["ipv4", "ipv6"]
"sysctl.server.net.ipv4.tcp_fin_timeout" = ["60", "20"]
)");
    const auto ended = here.firstfin_as_user({"run", file, "--out", "run", "--format", "json"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    const auto whole = json::parse(ended.out).as_object();
    EXPECT_EQ(whole.at("environment").at("sandbox"), "userns");
    ASSERT_EQ(whole.at("cells").as_array().size(), 4U);
    for (const auto& cell : whole.at("cells").as_array())
        EXPECT_EQ(cell.at("time_wait").at("server"), 1);
}

TEST_F(Userns, WhereTheyAreSwitchedOffTheRemedyIsNamedAndNothingRuns) {
    // Inside a user namespace of the test's own, whose limit the user may set.
    const auto ended = here.shell_as_user(
        "unshare -Ur sh -c 'echo 0 > /proc/sys/user/max_user_namespaces && "
        "firstfin run --set server.keepalive_timeout=50ms --out run'");
    EXPECT_EQ(ended.exit_code, 3) << ended.err;
    EXPECT_NE(ended.err.find("sysctl -w user.max_user_namespaces"), std::string::npos) << ended.err;
    EXPECT_NE(ended.err.find("--sandbox loopback"), std::string::npos) << ended.err;
    EXPECT_FALSE(fs::exists(run_of("userns")));
}

struct refusal {
    const char* name;
    const char* arguments;
    int exit_code;
    const char* says;
};
class Refused : public Sandbox, public ::testing::WithParamInterface<refusal> {};

TEST_P(Refused, WithAMessageAndNothingIsLeft) {
    const auto& row = GetParam();
    fs::create_directory(here.folder() / "closed");
    fs::permissions(here.folder() / "closed", fs::perms(0555));
    const auto ended =
        here.shell_as_user("firstfin run --set server.keepalive_timeout=50ms " + std::string(row.arguments));
    EXPECT_EQ(ended.exit_code, row.exit_code) << ended.err;
    EXPECT_NE(ended.err.find(row.says), std::string::npos) << ended.err;
    EXPECT_FALSE(fs::exists(here.user_folder() / "run" / "run.db"));
}

INSTANTIATE_TEST_SUITE_P(
    Names, Refused,
    ::testing::Values(
        refusal{"unknown_sandbox", "--sandbox docker --out run", 2, "docker"},
        refusal{"ipv6_on_loopback", "--sandbox loopback --set link.family=ipv6 --out run", 2, "--sandbox userns"},
        refusal{"delay_on_loopback", "--sandbox loopback --set link.delay=20ms --out run", 2, "--sandbox userns"},
        refusal{"sysctls_on_loopback", "--sandbox loopback --set sysctl.client.net.ipv4.tcp_fin_timeout=5 --out run", 2,
                "--sandbox userns"},
        refusal{"closed_folder", "--sandbox loopback --out ../closed", 2, "Permission denied: name another with --out"},
        refusal{"folder_in_a_closed_one", "--sandbox loopback --out ../closed/run", 2,
                "Permission denied: name another with --out"},
        refusal{"default_folder_in_a_closed_one",
                "--plan; cd ../closed; firstfin run --server nginx --sandbox loopback", 2, "results/local"}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace firstfin::test
