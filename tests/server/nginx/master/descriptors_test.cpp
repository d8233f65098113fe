#include <gtest/gtest.h>

#include <deque>
#include <fstream>

#include "tests/server/nginx/master/nginx_program.hpp"

namespace firstfin::test {
namespace {

#ifndef __SANITIZE_ADDRESS__  // UBSan's look at a vtable needs a pipe, and takes its lack for a wild pointer

/// Of a process, in the kernel's ticks.
long cpu_ticks(pid_t process) {
    std::ifstream in("/proc/" + std::to_string(process) + "/stat");
    std::string skipped;
    std::getline(in, skipped, ')');
    for (int i = 0; i < 11; ++i)
        in >> skipped;
    long user = 0;
    long system = 0;
    in >> user >> system;
    return user + system;
}

// nginx stops looking for half a second (accept_mutex_delay), and so do we: the sockets wait in the kernel's queue.
TEST(NginxDescriptors, WithoutAnyItWaitsAndDoesNotSpin) {
    nginx_program one;
    constexpr unsigned limit = 40;
    one.start(limit);
    EXPECT_NE(one.log().find("512 worker_connections exceed open file resource limit: 40"), std::string::npos);
    const auto worker = one.workers().at(0);
    const auto before = cpu_ticks(worker);
    std::deque<test_client> crowd;
    for (unsigned i = 0; i < limit + 10; ++i)
        crowd.emplace_back(one.where());
    constexpr auto complaint = "accept4() failed (24: Too many open files)";
    ASSERT_TRUE(comes_true([&] { return count_of(complaint, one.log()) >= 2; })) << one.log();
    EXPECT_LE(count_of(complaint, one.log()), 3U);
    EXPECT_LT(cpu_ticks(worker) - before, 20) << "it spins";

    // Those who wait are served once others have gone.
    auto last = std::move(crowd.back());
    crowd.clear();
    EXPECT_EQ(last.request().status, 200);
    EXPECT_TRUE(one.answers());
}
#endif

}  // namespace
}  // namespace firstfin::test
