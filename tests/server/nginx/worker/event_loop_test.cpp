#include "server/nginx/event_loop.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <functional>
#include <string>

namespace firstfin::nginx {
namespace {

using namespace std::chrono_literals;

/// Takes part in everything that a round has, and notes the order.
struct party final : event_source, posted_task, deadline_queue::hook {
    explicit party(std::string& notes) : said(notes) {}
    ~party() { ::close(fd); }
    void on_events(std::uint32_t) override {
        said += 'e';
        if (then) then();
    }
    void on_posted() override { said += 'p'; }
    void on_deadline(duration) override { said += 'd'; }
    std::string& said;
    std::function<void()> then;
    int fd = ::eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);
};

TEST(EventLoop, EventsThenDeadlinesThenWhatWasPosted) {
    std::string said;
    event_loop loop;
    party one(said);
    one.then = [&] {
        loop.post(one);
        loop.arm(one, 0ns);
    };
    loop.watch(one.fd, one, EPOLLIN | EPOLLET);
    loop.run_round();
    EXPECT_EQ(said, "edp");
}

TEST(EventLoop, PostedForTheNextRoundComesBehindItsEvents) {
    std::string said;
    event_loop loop;
    party one(said);
    party other(said);
    loop.post_next(one);
    loop.watch(other.fd, other, EPOLLIN | EPOLLET);
    loop.run_round();
    EXPECT_EQ(said, "ep");
}

TEST(EventLoop, WhatWasTakenBackDoesNotRun) {
    std::string said;
    event_loop loop;
    party one(said);
    loop.post_next(one);
    loop.cancel(one);
    loop.watch(one.fd, one, EPOLLIN | EPOLLET);
    loop.run_round();
    EXPECT_EQ(said, "e");
}

TEST(EventLoop, ADeadlineMovedByLessThan300MsStays) {
    std::string said;
    event_loop loop;
    party one(said);
    loop.arm(one, 1h);
    const auto first = one.due();
    loop.arm(one, 1h + 299ms);
    EXPECT_EQ(one.due(), first);
    loop.arm(one, 1h + 300ms);
    EXPECT_EQ(one.due(), first + 300ms);
    loop.arm(one, 1h + 1ms);
    EXPECT_EQ(one.due(), first + 300ms) << "300 ms back are few, too";
    one.disarm();
    loop.arm(one, 1h + 2ms);
    EXPECT_EQ(one.due(), first + 2ms);
}

TEST(EventLoop, WakesForADeadlineAndForTheOneBehindIt) {
    std::string said;
    event_loop loop;
    party one(said);
    party other(said);
    loop.arm(other, 2ms);
    loop.arm(one, 1ms);
    while (said.size() < 2)
        loop.run_round();
    EXPECT_EQ(said, "dd");
}

}  // namespace
}  // namespace firstfin::nginx
