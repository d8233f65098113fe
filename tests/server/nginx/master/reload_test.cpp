#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

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
    nginx_program one_;
};

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

TEST_F(NginxReload, MoreWorkersAreStarted) {
    begin("return 200 old;");
    one_.configure("return 200 new;", "worker_processes 3;");
    reload();
    EXPECT_TRUE(comes_true([&] { return one_.workers().size() == 3; }));
}

TEST_F(NginxReload, ManyLeaveNoDescriptorOpen) {
    begin("return 200 old; access_log off;");
    reload();
    const auto before = open_descriptors(one_.pid());
    for (int i = 0; i < 5; ++i)
        reload();
    EXPECT_EQ(open_descriptors(one_.pid()), before);
}

TEST_F(NginxReload, LogsAreReopenedWhereTheyWere) {
    begin("return 200 old;");
    std::filesystem::rename(one_.file("error.log"), one_.file("moved"));
    one_.master().signal(SIGUSR1);
    EXPECT_TRUE(comes_true([&] { return std::filesystem::exists(one_.file("error.log")); }));
}

}  // namespace
}  // namespace firstfin::test
