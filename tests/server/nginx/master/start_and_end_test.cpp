#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/server/nginx/master/nginx_program.hpp"

// firstfin-server where nginx would be: how it begins and how it ends.

namespace firstfin::test {
namespace {

/// Runs a command of `about` to its end.
std::pair<int, std::string> ran(const nginx_program& about, const std::vector<std::string>& more) {
    child_program one(about.command(more));
    const int code = one.exit_code();
    return {code, one.complaint()};
}

TEST(NginxProgram, ServesUntilItIsTerminated) {
    nginx_program one;
    one.start();
    EXPECT_EQ(one.body(), "index");
    const auto workers = one.workers();
    ASSERT_EQ(workers.size(), 1U);
    one.master().signal(SIGTERM);
    EXPECT_EQ(one.master().exit_code(), 0);
    EXPECT_FALSE(is_alive(workers[0]));
    EXPECT_FALSE(std::filesystem::exists(one.file("nginx.pid")));
}

TEST(NginxProgram, AQuitWaitsForTheRequestUnderWay) {
    nginx_program one("limit_rate 1000; location /paced { return 200 " + std::string(1500, 'p') + "; }");
    one.start();
    test_client client(one.where());
    client.send("GET /paced HTTP/1.1\r\nHost: test\r\n\r\n");
    (void)client.read_exactly(100);
    one.master().signal(SIGQUIT);
    ASSERT_TRUE(comes_true([&] { return one.log().find("QUIT") != std::string::npos; }));
    EXPECT_EQ(client.read_to_end(), ended::by_eof);
    EXPECT_EQ(one.master().exit_code(), 0);
}

TEST(NginxProgram, AMasterThatIsKilledTakesItsWorkersAlong) {
    nginx_program one({}, "worker_processes 2;");
    one.start();
    ASSERT_TRUE(comes_true([&] { return one.workers().size() == 2; })) << "the first one answers before the second is";
    const auto workers = one.workers();
    one.master().signal(SIGKILL);
    for (const auto each : workers)
        EXPECT_TRUE(comes_true([&] { return !is_alive(each); }));
}

TEST(NginxProgram, AWorkerThatIsStuckIsKilledInTheEnd) {
    nginx_program one;
    one.start();
    const auto workers = one.workers();
    ASSERT_EQ(workers.size(), 1U);
    ::kill(workers[0], SIGSTOP);
    one.master().signal(SIGTERM);
    EXPECT_EQ(one.master().exit_code(), 0);
    EXPECT_FALSE(is_alive(workers[0]));
}

TEST(NginxProgram, AWorkerThatDiesIsReplaced) {
    nginx_program one;
    one.start();
    const auto before = one.workers();
    ASSERT_EQ(before.size(), 1U);
    ::kill(before[0], SIGKILL);
    ASSERT_TRUE(comes_true([&] { return !one.workers().empty() && one.workers() != before; }));
    EXPECT_TRUE(comes_true([&] { return one.answers(); }));
    EXPECT_NE(one.log().find("worker process " + std::to_string(before[0]) + " exited on signal 9"), std::string::npos);
}

// Nothing is waited for here: when the command returns, it listens and its pid file is there. And whoever reads its
// standard error (as ran() does) sees the end of it, although a daemon was left behind.
TEST(NginxProgram, GoesToTheBackgroundAndIsStoppedByItsPidFile) {
    nginx_program one;
    EXPECT_EQ(ran(one, {"-g", stays_whoever_we_are()}), std::pair(0, std::string()));
    EXPECT_TRUE(one.answers());
    const auto master = one.pid();
    EXPECT_EQ(ran(one, {"-s", "stop"}), std::pair(0, std::string()));
    EXPECT_TRUE(comes_true([&] { return !is_alive(master) && !std::filesystem::exists(one.file("nginx.pid")); }));
}

TEST(NginxProgram, ADaemonThatCannotBeginFailsTheCommand) {
    nginx_program one;
    one.configure({}, {}, "nowhere/nginx.pid");
    const auto [code, text] = ran(one, {});
    EXPECT_EQ(code, 1);
    EXPECT_EQ(text, "firstfin-server: [emerg] open() \"" + one.file("nowhere/nginx.pid") +
                        "\" failed (2: No such file or directory)\n");
    EXPECT_FALSE(one.answers()) << "it stayed";
}

TEST(NginxProgram, SignalsNeedAPidFileAndAKnownWord) {
    nginx_program one;
    EXPECT_EQ(ran(one, {"-s", "reload"}), std::pair(1, "firstfin-server: [error] open() \"" + one.file("nginx.pid") +
                                                           "\" failed (2: No such file or directory)\n"));
    EXPECT_EQ(
        ran(one, {"-s", "restart"}),
        std::pair(1, std::string("firstfin-server: invalid option: \"-s restart\": stop, quit, reload or reopen\n")));
    std::ofstream(one.file("nginx.pid")) << "4194305\n";  // above the highest there can be
    EXPECT_EQ(ran(one, {"-s", "quit"}),
              std::pair(1, std::string("firstfin-server: [alert] kill(4194305, 3) failed (3: No such process)\n")));
}

// As nginx: five tries, half a second apart, each told.
TEST(NginxProgram, APortInUseIsNamed) {
    nginx_program one;
    one.start();
    const auto [code, text] = ran(one, {"-g", "daemon off;" + stays_whoever_we_are()});
    EXPECT_EQ(code, 1);
    const auto line =
        "firstfin-server: [emerg] bind() to " + to_text(one.where()) + " failed (98: Address already in use)\n";
    EXPECT_EQ(text, line + line + line + line + line + "firstfin-server: [emerg] still could not bind()\n");
    EXPECT_EQ(count_of("still could not bind()", one.log()), 1U);
    EXPECT_EQ(count_of("try again to bind() after 500ms", one.log()), 5U);
    EXPECT_TRUE(one.answers());
}

TEST(NginxProgram, ARefusedConfigurationSaysWhere) {
    nginx_program one("keepalive_timeout soon;");
    EXPECT_EQ(ran(one, {}), std::pair(1, "firstfin-server: [emerg] \"keepalive_timeout\" directive invalid value in " +
                                             one.file("nginx.conf") + ":6\n"));
}

TEST(NginxProgram, AMissingConfigurationIsNamed) {
    nginx_program one;
    std::filesystem::remove(one.file("nginx.conf"));
    EXPECT_EQ(ran(one, {}), std::pair(1, "firstfin-server: [emerg] open() \"" + one.file("nginx.conf") +
                                             "\" failed (2: No such file or directory)\n"));
}

TEST(NginxProgram, WhatIsSaidBeforeThereIsALogGoesWhereEPoints) {
    nginx_program one("keepalive_timeout soon;");
    EXPECT_EQ(ran(one, {"-e", "early.log"}).first, 1);
    std::ifstream in(one.file("early.log"));
    std::string line;
    std::getline(in, line);
    EXPECT_NE(line.find("[emerg]"), line.npos) << line;
}

TEST(NginxProgram, SaysWhichNginxItIs) {
    nginx_program one;
    const auto [code, text] = ran(one, {"-v", "--nginx-version", "1.22.1"});
    EXPECT_EQ(code, 0);
    EXPECT_TRUE(text.starts_with("nginx version: nginx/1.22.1 ")) << text;
    EXPECT_NE(ran(one, {"-V"}).second.find("\nconfigure arguments: "), text.npos);
}

TEST(NginxProgram, WithoutAMasterItIsOneProcess) {
    nginx_program one({}, "master_process off;");
    one.start();
    EXPECT_EQ(one.body(), "index");
    EXPECT_TRUE(one.workers().empty());
    one.master().signal(SIGTERM);
    EXPECT_EQ(one.master().exit_code(), 0);
}

// A terminal sends WINCH to all its processes.
TEST(NginxProgram, InTheForegroundAWindowMayChange) {
    nginx_program one;
    one.start();
    const auto workers = one.workers();
    ASSERT_EQ(workers.size(), 1U);
    one.master().signal(SIGWINCH);
    ::kill(workers[0], SIGWINCH);
    ASSERT_TRUE(comes_true([&] { return one.log().find("(SIGWINCH)") != std::string::npos; }));
    EXPECT_TRUE(one.answers());
    EXPECT_EQ(one.workers(), workers);
    EXPECT_EQ(one.log().find("gracefully"), std::string::npos) << one.log();
}

TEST(NginxProgram, ADaemonsWorkersRetireAndComeBackWithAReload) {
    nginx_program one;
    ASSERT_EQ(ran(one, {"-g", stays_whoever_we_are()}).first, 0);
    const auto master = one.pid();
    ::kill(master, SIGWINCH);
    EXPECT_TRUE(comes_true([&] { return one.workers().empty(); }));
    EXPECT_EQ(ran(one, {"-s", "reload"}).first, 0);
    EXPECT_TRUE(comes_true([&] { return !one.workers().empty(); }));
    EXPECT_TRUE(one.answers());
    EXPECT_EQ(ran(one, {"-s", "quit"}).first, 0);
    EXPECT_TRUE(comes_true([&] { return !is_alive(master); }));
}

TEST(NginxProgram, AsRootItsWorkersAreNobody) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    nginx_program one("return 200 here;");
    child_program master(one.command({"-g", "daemon off;"}));
    ASSERT_TRUE(comes_true([&] { return one.answers(); })) << one.log();
    const auto workers = one.workers();
    ASSERT_EQ(workers.size(), 1U);
    struct stat about {};
    ASSERT_EQ(::stat(("/proc/" + std::to_string(workers[0])).c_str(), &about), 0);
    EXPECT_EQ(about.st_uid, ::getpwnam("nobody")->pw_uid);
    master.signal(SIGKILL);
    EXPECT_TRUE(comes_true([&] { return !is_alive(workers[0]); })) << "it outlives its master";
}

TEST(NginxProgram, WhatIsNotFollowedIsSaid) {
    nginx_program one("rewrite ^/a /b;");
    one.start();
    EXPECT_NE(one.log().find("nginx.conf:6:1"), std::string::npos) << one.log();
    EXPECT_NE(one.log().find("rewrite"), std::string::npos) << one.log();
}

}  // namespace
}  // namespace firstfin::test
