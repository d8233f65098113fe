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
    const auto workers = one.workers();
    ASSERT_EQ(workers.size(), 2U);
    one.master().signal(SIGKILL);
    for (const auto each : workers)
        EXPECT_TRUE(comes_true([&] { return !is_alive(each); }));
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

TEST(NginxProgram, GoesToTheBackgroundAndIsStoppedByItsPidFile) {
    nginx_program one;
    EXPECT_EQ(ran(one, {"-g", "user root;"}).first, 0);
    ASSERT_TRUE(comes_true([&] { return one.answers(); }));
    const auto master = one.pid();
    EXPECT_EQ(ran(one, {"-s", "stop"}).first, 0);
    EXPECT_TRUE(comes_true([&] { return !is_alive(master) && !std::filesystem::exists(one.file("nginx.pid")); }));
}

TEST(NginxProgram, SignalsNeedAPidFileAndAKnownWord) {
    nginx_program one;
    const auto [code, text] = ran(one, {"-s", "reload"});
    EXPECT_EQ(code, 3);
    EXPECT_NE(text.find("open() \"" + one.file("nginx.pid") + "\" failed (2: No such file or directory)"), text.npos)
        << text;
    const auto [wrong, hint] = ran(one, {"-s", "restart"});
    EXPECT_EQ(wrong, 2);
    EXPECT_NE(hint.find("stop, quit, reload or reopen"), hint.npos) << hint;
}

TEST(NginxProgram, APortInUseIsNamed) {
    nginx_program one;
    one.start();
    const auto [code, text] = ran(one, {"-g", "daemon off; user root;"});
    EXPECT_EQ(code, 3);
    EXPECT_NE(text.find("[emerg] bind() to " + to_text(one.where()) + " failed (98: Address already in use)"),
              text.npos)
        << text;
    EXPECT_TRUE(one.answers());
}

TEST(NginxProgram, ARefusedConfigurationSaysWhere) {
    nginx_program one("keepalive_timeout soon;");
    const auto [code, text] = ran(one, {});
    EXPECT_EQ(code, 2);
    EXPECT_NE(text.find("nginx.conf:5:19: [emerg] \"keepalive_timeout\" directive invalid value"), text.npos) << text;
}

TEST(NginxProgram, WithoutAMasterItIsOneProcess) {
    nginx_program one({}, "master_process off;");
    one.start();
    EXPECT_EQ(one.body(), "index");
    EXPECT_TRUE(one.workers().empty());
    one.master().signal(SIGTERM);
    EXPECT_EQ(one.master().exit_code(), 0);
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
    EXPECT_NE(one.log().find("nginx.conf:5:1"), std::string::npos) << one.log();
    EXPECT_NE(one.log().find("rewrite"), std::string::npos) << one.log();
}

}  // namespace
}  // namespace firstfin::test
