#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>

#include "tests/harness/cli/tshark_reading.hpp"
#include "tests/harness/sandbox/eventually.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

// Runs in which external programs play a side, as a user starts them.

namespace firstfin::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

/// Seconds on a busy machine; the test waits for the event.
constexpr std::chrono::seconds browser_start(60);

class Programs : public firstfin::testing::needs_namespaces {
protected:
    json::object report(const finished& ended, int exit_code = 0) {
        EXPECT_EQ(ended.exit_code, exit_code) << ended.err << ended.out;
        return json::parse(ended.out).as_object();
    }
    json::object run(const std::string& experiment, int exit_code = 0) {
        const auto file = here.file("x.toml", experiment);
        return report(here.firstfin({"run", file, "--format", "json", "--out", "run"}), exit_code);
    }
    /// Whatever the runs of this test have started, by the process numbers: the names of the programs.
    std::map<pid_t, std::string> started() const {
        const auto ours = here.processes();
        std::map<pid_t, std::string> out;
        std::error_code gone;
        for (const auto& entry : fs::directory_iterator("/proc")) {
            const auto name = entry.path().filename().string();
            if (!std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) continue;
            const auto pid = static_cast<pid_t>(std::stol(name));
            auto above = parent_of(pid);
            while (above > 1 && std::ranges::find(ours, above) == ours.end())
                above = parent_of(above);
            if (above > 1) out[pid] = fs::read_symlink(entry.path() / "exe", gone).filename().string();
        }
        return out;
    }
    static pid_t parent_of(pid_t pid) {
        std::ifstream status(fmt::format("/proc/{}/status", pid));
        for (std::string line; std::getline(status, line);)
            if (line.starts_with("PPid:")) return static_cast<pid_t>(std::stol(line.substr(5)));
        return 0;
    }
    static std::size_t count(const std::map<pid_t, std::string>& all, const std::string& program) {
        return static_cast<std::size_t>(
            std::ranges::count_if(all, [&](const auto& one) { return one.second == program; }));
    }
    installation here;
};

TEST_F(Programs, ARealServerIsToldItsLimitAndKeepsIt) {
    const auto whole = run(R"(
[server]
subject = "nginx"
[client]
idle_timeout = "1500ms"
[sweep]
"server.keepalive_timeout" = ["1s", "2s"]
[run]
replicates = 3
)");
    const auto& cells = whole.at("cells").as_array();
    EXPECT_EQ(cells.at(0).at("first_fin").at("server"), 3);
    EXPECT_EQ(cells.at(0).at("time_wait").at("server"), 3);
    EXPECT_GE(cells.at(0).at("idle_at_close_s").at("min").to_number<double>(), 0.999);
    EXPECT_EQ(cells.at(1).at("first_fin").at("client"), 3);
    EXPECT_EQ(cells.at(1).at("time_wait").at("client"), 3);
    EXPECT_EQ(here.processes(), std::vector<pid_t>{});
    // What it was told is part of the result.
    std::size_t configurations = 0;
    for (const auto& each : fs::recursive_directory_iterator(here.folder() / "run" / "programs"))
        if (each.path().filename() == "nginx.conf") ++configurations;
    EXPECT_EQ(configurations, 2U);
}

// Nobody reports anything: the wire and the tables are all there is, and tshark reads the wire alike.
TEST_F(Programs, TwoRealSidesAreJudgedByWireAndTables) {
    const auto file = here.file("x.toml", R"(
[server]
subject = "nginx"
[client]
subject = "curl"
[sweep]
"server.keepalive_timeout" = ["1s", "2s"]
[run]
replicates = 5
observe = "500ms"
)");
    const auto ended = here.firstfin({"run", file, "--format", "jsonl", "--out", "run"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(compare(here, ended.out), 10U);
    const auto whole = report(here.firstfin({"report", "run", "--format", "json"}));
    for (const auto& cell : whole.at("cells").as_array()) {
        EXPECT_EQ(cell.at("first_fin").at("server"), 5);
        // curl looks at its pool when it next needs it: the server's half stays in FIN_WAIT_2.
        EXPECT_EQ(cell.at("ending").at("half_closed"), 5);
        EXPECT_EQ(cell.at("requests").at("sent"), 5);
        EXPECT_EQ(cell.at("requests").at("answered"), 5);
        EXPECT_TRUE(cell.as_object().contains("client_age_s"));
    }
    EXPECT_EQ(here.firstfin({"explain", "run"}).exit_code, 0);
}

TEST_F(Programs, ABuiltInServerHasRealClients) {
    const auto whole = run(R"(
[client]
subject = "curl"
[sweep]
"server.keepalive_timeout" = ["300ms", "never"]
[run]
replicates = 3
observe = "1s"
)");
    const auto& cells = whole.at("cells").as_array();
    EXPECT_EQ(cells.at(0).at("first_fin").at("server"), 3);
    EXPECT_EQ(cells.at(1).at("ending").at("open"), 3);
}

TEST_F(Programs, AReloadAndAGracefulEndCloseIdleConnections) {
    for (const auto* server : {"subject = \"nginx\"", "config = \"nginx.conf\""}) {
        here.file("nginx.conf", "events {}\nhttp { server { listen 8080; } }\n");
        fs::remove_all(here.folder() / "run");
        const auto whole = run(fmt::format(R"(
[server]
{}
signal_after = "1s"
[client]
close_mode = "never"
[sweep]
"server.signal" = ["reload", "quit"]
[run]
replicates = 3
)",
                                           server));
        for (const auto& cell : whole.at("cells").as_array()) {
            EXPECT_EQ(cell.at("first_fin").at("server"), 3) << server;
            EXPECT_LT(cell.at("idle_at_close_s").at("max").to_number<double>(), 5) << server;
        }
    }
}

TEST_F(Programs, EveryServerClosesAfterTheLimitItIsTold) {
    const auto whole = run(R"(
[server]
keepalive_timeout = "2s"
[client]
close_mode = "never"
[sweep]
"server.subject" = ["nginx", "apache-httpd", "lighttpd", "haproxy", "caddy", "node-http-server", "aiohttp-server",
    "gunicorn", "uvicorn"]
[run]
replicates = 2
)");
    const auto& cells = whole.at("cells").as_array();
    ASSERT_EQ(cells.size(), 9U);
    for (const auto& cell : cells) {
        const auto& name = cell.at("params").at("server.subject");
        EXPECT_EQ(cell.at("first_fin").at("server"), 2) << name;
        EXPECT_EQ(cell.at("time_wait").at("server"), 2) << name;
        // Node and lighttpd add a second of their own.
        EXPECT_GE(cell.at("idle_at_close_s").at("min").to_number<double>(), 1.99) << name;
        EXPECT_LT(cell.at("idle_at_close_s").at("max").to_number<double>(), 5) << name;
    }
}

TEST_F(Programs, EveryClientMeetsAServerThatClosesFirst) {
    const auto whole = run(R"(
[server]
subject = "nginx"
keepalive_timeout = "1s"
[sweep]
"client.subject" = ["curl", "go-net-http", "httpx", "node-http-agent", "python-requests", "undici", "wrk",
    "aiohttp-client"]
[run]
observe = "1s"
)");
    const auto& cells = whole.at("cells").as_array();
    ASSERT_EQ(cells.size(), 8U);
    for (const auto& cell : cells)
        EXPECT_EQ(cell.at("first_fin").at("server"), 1) << cell.at("params").at("client.subject");
    // Never used, never judged, never hidden.
    EXPECT_GE(whole.at("other_connections").at("never_used").to_number<int>(), 1);
}

TEST_F(Programs, BrowsersKeepTheLimitsTheyAreTold) {
    const auto firefox = here.file("firefox.toml", R"(
[server]
subject = "nginx"
[client]
subject = "firefox"
idle_timeout = "4s"
[sweep]
"server.keepalive_timeout" = ["2s", "9s"]
)");
    const auto chromium = here.file("chromium.toml", R"(
[server]
subject = "apache-httpd"
keepalive_timeout = "2s"
[client]
subject = "chromium"
[run]
observe = "1s"
)");
    const auto ended = here.firstfin({"run", firefox, chromium, "--out", "run", "--format", "json"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err << ended.out;
    const auto told = report(here.firstfin({"report", "run/firefox", "--format", "json"}));
    const auto& cells = told.at("cells").as_array();
    EXPECT_EQ(cells.at(0).at("first_fin").at("server"), 1);
    EXPECT_EQ(cells.at(0).at("time_wait").at("server"), 1);
    EXPECT_EQ(cells.at(1).at("first_fin").at("client"), 1);
    EXPECT_EQ(cells.at(1).at("time_wait").at("client"), 1);
    EXPECT_GE(cells.at(1).at("idle_at_close_s").at("min").to_number<double>(), 3.99);
    // Chromium sees the FIN when it next needs a socket, which it does not.
    const auto lazy = report(here.firstfin({"report", "run/chromium", "--format", "json"}));
    EXPECT_EQ(lazy.at("cells").at(0).at("first_fin").at("server"), 1);
    EXPECT_EQ(lazy.at("cells").at(0).at("ending").at("half_closed"), 1);
}

TEST_F(Programs, ABrowserThatCrashesMakesAnInvalidTrial) {
    const auto file = here.file("x.toml", "[server]\nsubject = \"nginx\"\n[client]\nsubject = \"firefox\"\n");
    auto going = here.start({"run", file, "--out", "run", "--format", "json"});
    std::map<pid_t, std::string> all;
    ASSERT_TRUE(firstfin::testing::eventually(
        [&] {
            all = started();
            return count(all, "firefox-esr") >= 3;  // it has its content processes
        },
        browser_start));
    // Its first process is the child of ours.
    for (const auto& [pid, name] : all)
        if (name == "firefox-esr" && !all.contains(parent_of(pid))) ::kill(pid, SIGSEGV);
    const auto ended = going.wait();
    EXPECT_EQ(ended.exit_code, 1);
    const auto text = here.firstfin({"report", "run"});
    EXPECT_NE(text.out.find("1 invalid: firefox ended: "), std::string::npos) << text.out;
}

TEST_F(Programs, AClientThatAsksNothingMakesAnInvalidTrial) {
    const auto file = here.file("x.toml", "[client]\nsubject = \"command\"\ncommand = \"sleep 60\"\n");
    const auto ended = here.firstfin({"run", file, "--out", "run"});
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_NE(ended.out.find("1 invalid: command made no request within 10s of its start"), std::string::npos)
        << ended.out;
}

TEST_F(Programs, AServerThatEndsBeforeItListensSaysWhy) {
    const auto file = here.file(
        "x.toml", "[server]\nsubject = \"command\"\ncommand = \"ls /no/such/place\"\nkeepalive_timeout = \"1s\"\n");
    const auto ended = here.firstfin({"run", file, "--out", "run"});
    EXPECT_EQ(ended.exit_code, 3);
    EXPECT_NE(ended.err.find("/no/such/place"), std::string::npos) << ended.err;
}

// Any program, by a few lines: here one with a configuration of its own.
TEST_F(Programs, AnyServerCanBeNamedWithItsConfiguration) {
    const auto whole = run(R"(
[server]
subject = "command"
command = "lighttpd -D -f {config}"
template = """
server.port = {port}
server.document-root = "{folder}"
server.max-keep-alive-idle = {keepalive_timeout_s}
"""
keepalive_timeout = "1s"
[client]
close_mode = "never"
)");
    EXPECT_EQ(whole.at("cells").at(0).at("first_fin").at("server"), 1);
}

TEST_F(Programs, AProfileIsCheckedAgainstTheProgram) {
    const auto whole = report(here.firstfin(
        {"profiles", "check", "uvicorn", "undici", "--replicates", "1", "--out", "run", "--format", "json"}));
    const auto& checked = whole.at("checked").as_array();
    ASSERT_EQ(checked.size(), 2U);
    EXPECT_EQ(checked.at(0).at("findings").as_array().size(), 1U);
    EXPECT_EQ(checked.at(1).at("findings").as_array().size(), 3U);
    for (const auto& one : checked) {
        EXPECT_FALSE(one.at("version").as_string().empty());
        for (const auto& finding : one.at("findings").as_array())
            EXPECT_TRUE(finding.at("holds").as_bool()) << finding;
    }
}

TEST_F(Programs, LoopbackIsNoPlaceForThem) {
    const auto file = here.file("x.toml", "[server]\nsubject = \"nginx\"\n");
    const auto ended = here.firstfin({"run", file, "--sandbox", "loopback"});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_NE(ended.err.find("nginx needs a network of its own"), std::string::npos) << ended.err;
}

TEST_F(Programs, AtAnotherTimeScaleThereIsNothingToRun) {
    const auto file = here.file("x.toml", "[server]\nsubject = \"nginx\"\n");
    const auto ended = here.firstfin({"run", file, "--time-scale", "0.1"});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_NE(ended.err.find("an external program keeps its own times; run it at scale 1\n"), std::string::npos)
        << ended.err;
}

TEST_F(Programs, NothingOfThemOutlivesAKill) {
    const auto file = here.file("x.toml", R"(
[server]
subject = "nginx"
[client]
subject = "firefox"
)");
    auto going = here.start({"run", file, "--out", "run"});
    std::map<pid_t, std::string> all;
    ASSERT_TRUE(firstfin::testing::eventually(
        [&] {
            all = started();
            return count(all, "firefox-esr") >= 3 && count(all, "nginx") >= 2;
        },
        browser_start));
    going.signal(SIGKILL);
    (void)going.wait();
    for (const auto& [pid, name] : all)
        EXPECT_TRUE(firstfin::testing::eventually([&] { return ::kill(pid, 0) != 0; })) << name;
}

}  // namespace
}  // namespace firstfin::test
