#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <fstream>
#include <set>

#include "core/profile.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

namespace firstfin::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

/// Experiments whose server is an nginx configuration.
std::string text_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

class NginxConfig : public firstfin::testing::needs_namespaces {
protected:
    void write_configuration(const std::string& name, const std::string& server) const {
        here.file(name, "events {}\nhttp { server { listen 8080; " + server + " } }\n");
    }
    json::object report(const finished& ended) {
        EXPECT_EQ(ended.exit_code, 0) << ended.err << ended.out;
        return json::parse(ended.out).as_object();
    }
    /// Runs one cell; answers it.
    json::object cell_of(const std::string& experiment) {
        const auto file = here.file("x.toml", experiment);
        const auto whole = report(here.firstfin({"run", file, "--format", "json", "--out", "run"}));
        return whole.at("cells").at(0).as_object();
    }
    static std::set<std::string> entries(const fs::path& folder) {
        std::set<std::string> out;
        for (const auto& each : fs::recursive_directory_iterator(folder))
            out.insert(each.path().string());
        return out;
    }
    installation here;
};

TEST_F(NginxConfig, TheExampleMeetsItsExpectationsAndLeavesNothingBehind) {
    const auto temporary = here.folder() / "tmp";
    fs::create_directory(temporary);
    fs::permissions(temporary, fs::perms::all);
    const auto example = experiments_folder() / "nginx-conf.toml";
    const auto before = entries(experiments_folder());
    const auto ended = here.shell("TMPDIR=" + temporary.string() + " firstfin run " + example.string() +
                                  " --time-scale 0.1 --out run --format json");
    const auto whole = report(ended);
    EXPECT_NE(ended.err.find("nginx-conf/nginx.conf: nginx 1."), std::string::npos) << ended.err;
    const auto& cells = whole.at("cells").as_array();
    ASSERT_EQ(cells.size(), 2U);
    EXPECT_EQ(cells[0].at("first_fin").at("client"), 5);
    EXPECT_EQ(cells[1].at("first_fin").at("server"), 5);
    EXPECT_EQ(cells[1].at("time_wait").at("server"), 5);
    EXPECT_GE(cells[1].at("idle_at_close_s").at("min").to_number<double>(), 1.99);
    EXPECT_LT(cells[1].at("idle_at_close_s").at("max").to_number<double>(), 2.9);
    EXPECT_EQ(entries(experiments_folder()), before);
    EXPECT_EQ(entries(temporary), std::set<std::string>{});
    EXPECT_EQ(here.processes(), std::vector<pid_t>{});

    const auto text = here.firstfin({"report", "run"});
    EXPECT_EQ(text.exit_code, 0) << text.out;
    EXPECT_NE(text.out.find("server.config: the server reports nothing of itself"), std::string::npos) << text.out;
    EXPECT_EQ(here.firstfin({"explain", "run"}).exit_code, 0);
    // Not one word is the server's.
    const auto lines = here.firstfin({"report", "run", "--format", "jsonl"}).out;
    EXPECT_NE(lines.find("the client was in"), std::string::npos);
    EXPECT_EQ(lines.find("the server was in"), std::string::npos);
}

TEST_F(NginxConfig, SweptConfigurationsAreServedOneAStage) {
    write_configuration("a.conf", "keepalive_timeout 200ms;");
    write_configuration("b.conf", "keepalive_timeout 400ms;");
    const auto file = here.file("x.toml", "[sweep]\n\"server.config\" = [\"a.conf\", \"b.conf\"]\n");
    const auto whole = report(here.firstfin({"run", file, "--format", "json", "--out", "run"}));
    const auto idle = [&](std::size_t cell) {
        return whole.at("cells").at(cell).at("idle_at_close_s").at("min").to_number<double>();
    };
    // As nginx does, the server counts from the time it knows, which on a busy machine is some ms older than the
    // response.
    EXPECT_GE(idle(0), 0.15);
    EXPECT_LT(idle(0), 0.39);
    EXPECT_GE(idle(1), 0.35);
}

TEST_F(NginxConfig, WhatStaysHalfClosedIsWatchedToTheDeadlineAndNoLonger) {
    write_configuration("a.conf", "keepalive_timeout 100ms;");
    const auto cell = cell_of(
        "[server]\nconfig = \"a.conf\"\n[client]\nclose_mode = \"never\"\nnotices_fin = \"lazy\"\n"
        "[run]\nobserve = \"300ms\"\n");
    EXPECT_EQ(cell.at("first_fin").at("server"), 1);
    EXPECT_EQ(cell.at("ending").at("half_closed"), 1);
}

TEST_F(NginxConfig, AResetIsSettledByTheTablesAndTheWire) {
    write_configuration("a.conf", "");
    const auto cell =
        cell_of("[server]\nconfig = \"a.conf\"\n[client]\nclose_style = \"rst\"\nidle_timeout = \"100ms\"\n");
    EXPECT_EQ(cell.at("reset").at("client"), 1);
    EXPECT_EQ(cell.at("ending").at("reset"), 1);
}

TEST_F(NginxConfig, AServerThatEndsBeforeItListensSaysWhy) {
    write_configuration("a.conf", "listen 10.254.254.254:81;");
    const auto file = here.file("x.toml", "[server]\nconfig = \"a.conf\"\n");
    const auto ended = here.firstfin({"run", file, "--out", "run"});
    EXPECT_EQ(ended.exit_code, 3);
    EXPECT_NE(ended.err.find("bind() to 10.254.254.254:81 failed"), std::string::npos) << ended.err;
    EXPECT_EQ(here.processes(), std::vector<pid_t>{});
}

TEST_F(NginxConfig, AServerThatDiesMakesItsTrialsInvalid) {
    write_configuration("a.conf", "");
    const auto file = here.file("x.toml", "[server]\nconfig = \"a.conf\"\n[client]\nidle_timeout = \"20s\"\n");
    auto run = here.start({"run", file, "--out", "run", "--format", "json"});
    std::vector<pid_t> servers;
    // The client is started once the server is known to listen.
    while (!run.is_over() && here.processes("firstfin-client").empty())
        ::usleep(10'000);
    while (!run.is_over() && (servers = here.processes("firstfin-server")).size() < 2)
        ::usleep(10'000);
    ASSERT_EQ(servers.size(), 2U) << run.err_so_far();
    ::kill(*std::ranges::min_element(servers), SIGKILL);  // the master: its worker came later
    const auto ended = run.wait();
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_NE(ended.out.find("\"invalid\":1"), std::string::npos) << ended.out;
    EXPECT_NE(ended.out.find("a.conf ended: signal 9"), std::string::npos) << ended.out;
}

TEST_F(NginxConfig, LoopbackIsRefusedBecauseThePortIsTheFiles) {
    write_configuration("a.conf", "");
    const auto file = here.file("x.toml", "[server]\nconfig = \"a.conf\"\n");
    const auto ended = here.firstfin({"run", file, "--sandbox", "loopback", "--out", "run"});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_NE(ended.err.find("port 8080 of a.conf may be taken on this host"), std::string::npos) << ended.err;
}

TEST_F(NginxConfig, RunsForAnOrdinaryUserToo) {
    write_configuration("a.conf", "keepalive_timeout 200ms;");
    const auto file = here.file("x.toml", "[server]\nconfig = \"a.conf\"\n");
    const auto ended = here.firstfin_as_user({"run", file, "--sandbox", "userns", "--out", "run", "--format", "json"});
    EXPECT_EQ(report(ended).at("cells").at(0).at("first_fin").at("server"), 1);
}

// Somebody's own file may name the logs and the pid file of a server that runs.
TEST_F(NginxConfig, WhatTheConfigurationNamesIsNotTouched) {
    const auto pid = here.file("other.pid", "1\n");
    const auto log = here.file("access.log", "theirs\n");
    here.file("a.conf", "user nobody; daemon on; pid " + pid + "; error_log " + log +
                            " info;\nevents {}\nhttp { access_log " + log +
                            "; server { listen 8080; keepalive_timeout 200ms; } }\n");
    const auto file = here.file("x.toml", "[server]\nconfig = \"a.conf\"\n");
    const auto ended = here.firstfin({"run", file, "--out", "run", "--format", "json"});
    EXPECT_EQ(report(ended).at("cells").at(0).at("first_fin").at("server"), 1);
    EXPECT_EQ(text_of(pid), "1\n");
    EXPECT_EQ(text_of(log), "theirs\n");
}

}  // namespace
}  // namespace firstfin::test
