#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "tests/server/nginx/master/nginx_program.hpp"

namespace firstfin::test {
namespace {

class NginxReload : public ::testing::Test {
protected:
    void begin(const std::string& server) {
        one_.configure(server);
        one_.start();
    }
    /// Returns when the new workers are there and the old ones are gone.
    void reload() {
        const auto before = one_.workers();
        one_.master().signal(SIGHUP);
        ASSERT_TRUE(comes_true([&] {
            const auto now = one_.workers();
            return !now.empty() && now != before &&
                   std::ranges::none_of(before, [&](pid_t old) { return std::ranges::find(now, old) != now.end(); });
        })) << one_.log();
    }
    [[nodiscard]] std::string text_of_file(const std::string& name) const {
        std::ifstream in(one_.file(name));
        return {std::istreambuf_iterator<char>(in), {}};
    }
    nginx_program one_;
};

/// By their inodes.
std::set<std::string> sockets_of(pid_t process) {
    std::set<std::string> out;
    std::error_code gone;
    for (const auto& each : std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/fd"))
        if (const auto to = std::filesystem::read_symlink(each, gone).string(); to.starts_with("socket:"))
            out.insert(to);
    return out;
}

TEST_F(NginxReload, TheNewConfigurationIsServed) {
    begin("return 200 old;");
    EXPECT_EQ(one_.body(), "old");
    one_.configure("return 200 new;");
    reload();
    EXPECT_EQ(one_.body(), "new");
}

TEST_F(NginxReload, ABadConfigurationChangesNothing) {
    begin("return 200 old;");
    const auto workers = one_.workers();
    one_.configure("keepalive_timeout soon;");
    one_.master().signal(SIGHUP);
    ASSERT_TRUE(comes_true([&] { return one_.log().find("[emerg]") != std::string::npos; }));
    EXPECT_NE(one_.log().find("\"keepalive_timeout\" directive invalid value"), std::string::npos) << one_.log();
    EXPECT_EQ(one_.workers(), workers);
    EXPECT_EQ(one_.body(), "old");
}

TEST_F(NginxReload, AnAddressInUseChangesNothing) {
    begin("return 200 old;");
    nginx_program other;
    other.start();
    const auto workers = one_.workers();
    const auto before = open_descriptors(one_.pid());
    one_.configure("listen " + to_text(other.where()) + "; return 200 new;");
    one_.master().signal(SIGHUP);
    ASSERT_TRUE(comes_true([&] { return one_.log().find("still could not bind()") != std::string::npos; }));
    EXPECT_EQ(count_of("bind() to " + to_text(other.where()) + " failed (98: Address already in use)", one_.log()), 5U);
    EXPECT_EQ(one_.workers(), workers);
    EXPECT_EQ(one_.body(), "old");
    EXPECT_EQ(open_descriptors(one_.pid()), before);
}

TEST_F(NginxReload, AnAddressThatIsGoneIsClosedAndANewOneOpened) {
    begin("return 200 old;");
    nginx_program unused;
    EXPECT_FALSE(unused.answers());
    one_.configure("listen " + to_text(unused.where()) + "; return 200 both;");
    reload();
    EXPECT_EQ(unused.body(), "both");
    one_.configure("return 200 one;");
    reload();
    EXPECT_FALSE(unused.answers());
    EXPECT_EQ(one_.body(), "one");
}

// The same socket, with whatever waits in its queue.
TEST_F(NginxReload, AnAddressThatStaysKeepsItsSocket) {
    begin("return 200 old;");
    const auto before = sockets_of(one_.pid());
    EXPECT_EQ(before.size(), 1U);
    one_.configure("return 200 new;");
    reload();
    EXPECT_EQ(sockets_of(one_.pid()), before);
}

TEST_F(NginxReload, WithReuseportEachWorkerHasASocket) {
    begin("return 200 old;");
    one_.configure("return 200 new;", "worker_processes 3;", "nginx.pid", "reuseport backlog=100");
    reload();
    EXPECT_EQ(sockets_of(one_.pid()).size(), 3U);
    EXPECT_TRUE(comes_true([&] { return one_.workers().size() == 3; }));
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(one_.body(), "new");
}

TEST_F(NginxReload, ThePidFileMayMove) {
    begin("return 200 old;");
    one_.configure("return 200 new;", {}, "moved.pid");
    one_.master().signal(SIGHUP);
    ASSERT_TRUE(comes_true([&] { return std::filesystem::exists(one_.file("moved.pid")); }));
    EXPECT_TRUE(comes_true([&] { return !std::filesystem::exists(one_.file("nginx.pid")); }));
}

TEST_F(NginxReload, MoreWorkersAreStarted) {
    begin("return 200 old;");
    one_.configure("return 200 new;", "worker_processes 3;");
    reload();
    EXPECT_TRUE(comes_true([&] { return one_.workers().size() == 3; }));
}

TEST_F(NginxReload, ManyLeaveNoDescriptorOpen) {
    begin("return 200 old;");
    reload();
    const auto before = open_descriptors(one_.pid());
    for (int i = 0; i < 20; ++i)
        reload();
    EXPECT_EQ(open_descriptors(one_.pid()), before);
}

// Old and new workers share one socket: whoever connects meanwhile is served by one of them.
TEST_F(NginxReload, NobodyIsTurnedAway) {
    begin("return 200 same;");
    std::size_t served = 0;
    std::string failure;
    {
        const std::jthread clients([&](const std::stop_token& enough) {
            while (!enough.stop_requested() && failure.empty())
                try {
                    if (one_.body() != "same") failure = "a strange answer";
                    ++served;
                } catch (const std::exception& failed) {
                    failure = failed.what();
                }
        });
        for (int i = 0; i < 5; ++i)
            reload();
    }
    EXPECT_EQ(failure, "") << "after " << served;
    EXPECT_GT(served, 100U);
}

// Also by a worker that is not the one who opened them first.
TEST_F(NginxReload, LogsAreReopenedWhereTheyWere) {
    one_.configure("return 200 old; access_log access.log;");
    std::filesystem::permissions(std::filesystem::path(one_.file("nginx.conf")).parent_path(),
                                 std::filesystem::perms::others_exec, std::filesystem::perm_options::add);
    child_program master(one_.command({"-g", "daemon off;"}));
    ASSERT_TRUE(comes_true([this] { return one_.answers(); }));
    std::filesystem::rename(one_.file("error.log"), one_.file("moved"));
    std::filesystem::rename(one_.file("access.log"), one_.file("moved-too"));
    master.signal(SIGUSR1);
    // The worker's own "reopening logs" still goes to the old file; the next request is in the new one.
    ASSERT_TRUE(comes_true([&] { return count_of(": reopening logs\n", text_of_file("moved")) == 2; }));
    EXPECT_TRUE(comes_true([&] { return one_.answers() && !text_of_file("access.log").empty(); }));
    EXPECT_EQ(text_of_file("error.log").find("ermission denied"), std::string::npos) << text_of_file("error.log");
    master.signal(SIGKILL);
    EXPECT_TRUE(comes_true([this] { return !one_.answers(); }));
}

}  // namespace
}  // namespace firstfin::test
