#include "core/deadlines.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace firstfin {
namespace {

using namespace std::chrono_literals;

/// Longer than any test runs: an owner that waits so long must not be called.
constexpr auto far_away = 1h;

/// Does what it is told at its deadline, and notes when that was.
class owner : public deadlines::hook {
public:
    owner() = default;
    explicit owner(std::function<void(owner&)> act) : act_(std::move(act)) {}

    std::vector<time_point> called;
    std::vector<duration> lateness;

private:
    void on_deadline(duration late) override {
        EXPECT_FALSE(armed());
        EXPECT_GE(steady::now(), due()) << "earlier than due";
        EXPECT_GE(late, 0ns);
        called.push_back(steady::now());
        lateness.push_back(late);
        if (act_) {
            const auto act = act_;  // the act may destroy this owner
            act(*this);
        }
    }
    std::function<void(owner&)> act_;
};

struct Deadlines : ::testing::Test {
    boost::asio::io_context loop{1};
    deadlines timers{loop};
    time_point start = steady::now();
    std::vector<int> order;

    std::unique_ptr<owner> noting(int number) {
        return std::make_unique<owner>([this, number](owner&) { order.push_back(number); });
    }
    /// Until nothing waits any more.
    void run() {
        loop.restart();
        loop.run();
    }
};

TEST_F(Deadlines, ComeInTheirOwnOrderNotInThatOfArming) {
    const auto third = noting(3);
    const auto first = noting(1);
    const auto second = noting(2);
    timers.arm(*third, start + 6ms);
    timers.arm(*first, start + 2ms);
    timers.arm(*second, start + 4ms);
    run();
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST_F(Deadlines, EqualOnesComeInTheOrderOfArming) {
    std::vector<std::unique_ptr<owner>> owners;
    for (int number = 0; number < 100; ++number)
        owners.push_back(noting(number));
    for (const auto& each : owners)
        timers.arm(*each, start + 2ms);
    run();
    ASSERT_EQ(order.size(), owners.size());
    EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST_F(Deadlines, APastOneComesAtTheNextTurnNotInsideArm) {
    const auto late = noting(1);
    timers.arm(*late, start - 1s);
    EXPECT_TRUE(order.empty());
    run();
    EXPECT_EQ(order, std::vector<int>{1});
    EXPECT_GE(late->lateness.at(0), 1s);
}

TEST_F(Deadlines, CanMoveLater) {
    const auto moved = noting(1);
    timers.arm(*moved, start + 1ms);
    timers.arm(*moved, start + 5ms);
    EXPECT_EQ(moved->due(), start + 5ms);
    run();
    ASSERT_EQ(moved->called.size(), 1U);
    EXPECT_GE(moved->called[0], start + 5ms);
}

TEST_F(Deadlines, CanMoveEarlier) {
    const auto moved = noting(1);
    timers.arm(*moved, start + far_away);
    timers.arm(*moved, start + 2ms);
    run();
    ASSERT_EQ(moved->called.size(), 1U);
    EXPECT_LT(moved->called[0], start + far_away);
}

TEST_F(Deadlines, CanBeArmedAgainInTheirOwnCallback) {
    owner again([this](owner& self) {
        if (self.called.size() < 5) timers.arm(self, self.due() + 1ms);
    });
    timers.arm(again, start + 1ms);
    run();
    EXPECT_EQ(again.called.size(), 5U);
    EXPECT_FALSE(again.armed());
}

TEST_F(Deadlines, OfAnEarlierMomentMayBeArmedInACallback) {
    const auto second = noting(2);
    owner first([&](owner&) { timers.arm(*second, start + 2ms); });
    const auto last = noting(3);
    timers.arm(*last, start + 5ms);
    timers.arm(first, start + 1ms);
    run();
    EXPECT_EQ(order, (std::vector<int>{2, 3}));
}

TEST_F(Deadlines, MaxDisarms) {
    const auto silent = noting(1);
    timers.arm(*silent, start + 1ms);
    EXPECT_TRUE(silent->armed());
    timers.arm(*silent, time_point::max());
    EXPECT_FALSE(silent->armed());
    run();
    EXPECT_TRUE(order.empty());
}

TEST_F(Deadlines, DisarmedInACallbackDoNotCome) {
    const auto silent = noting(2);
    owner first([&](owner&) { silent->disarm(); });
    const auto last = noting(3);
    for (auto* each : {static_cast<deadlines::hook*>(&first), static_cast<deadlines::hook*>(silent.get()),
                       static_cast<deadlines::hook*>(last.get())})
        timers.arm(*each, start + 2ms);
    run();
    EXPECT_EQ(first.called.size(), 1U);
    EXPECT_EQ(order, std::vector<int>{3});
}

TEST_F(Deadlines, AnOwnerMayDestroyItselfInItsCallback) {
    std::unique_ptr<owner> gone;
    gone = std::make_unique<owner>([&](owner&) { gone.reset(); });
    const auto next = noting(2);
    timers.arm(*gone, start + 1ms);
    timers.arm(*next, start + 1ms);
    run();
    EXPECT_EQ(gone, nullptr);
    EXPECT_EQ(order, std::vector<int>{2});
}

TEST_F(Deadlines, ADestroyedOwnerIsForgotten) {
    auto gone = noting(1);
    timers.arm(*gone, start + 1ms);
    gone.reset();
    run();
    EXPECT_TRUE(order.empty());
}

TEST_F(Deadlines, ADestroyedQueueLeavesItsOwnersDisarmed) {
    owner left;
    {
        deadlines short_lived(loop);
        short_lived.arm(left, start + 1ms);
    }
    EXPECT_FALSE(left.armed());
    run();
    EXPECT_TRUE(left.called.empty());
}

// The crowd of a grid: equal timers, and whoever comes first ends the other.
TEST_F(Deadlines, OfAThousandPairsOneEachComes) {
    std::vector<std::unique_ptr<owner>> owners(2'000);
    int called = 0;
    for (std::size_t i = 0; i < owners.size(); ++i)
        owners[i] = std::make_unique<owner>([&owners, &called, i](owner&) {
            ++called;
            owners[i ^ 1].reset();
        });
    for (const auto& each : owners)
        timers.arm(*each, start + 2ms);
    run();
    EXPECT_EQ(called, 1'000);
    EXPECT_EQ(std::ranges::count_if(owners, [](const auto& each) { return !each; }), 1'000);
}

TEST_F(Deadlines, OfAThousandOwnersComeOnceEachInOrder) {
    std::vector<std::unique_ptr<owner>> owners;
    std::vector<time_point> dues;
    for (int i = 0; i < 1'000; ++i)
        owners.push_back(std::make_unique<owner>([&dues](owner& self) { dues.push_back(self.due()); }));
    for (std::size_t i = 0; i < owners.size(); ++i)
        timers.arm(*owners[i], start + far_away + std::chrono::seconds(i));
    // Scattered over 10 ms: 7919 is prime, so every place comes once.
    for (std::size_t i = 0; i < owners.size(); ++i)
        timers.arm(*owners[i], start + std::chrono::microseconds(i * 7919 % 1000 * 10));
    run();
    EXPECT_EQ(dues.size(), owners.size());
    EXPECT_TRUE(std::ranges::is_sorted(dues));
    for (const auto& each : owners)
        EXPECT_EQ(each->called.size(), 1U);
}

TEST_F(Deadlines, LatenessIsWhatTheLoopLost) {
    const auto late = noting(1);
    timers.arm(*late, start + 1ms);
    boost::asio::post(loop, [] { std::this_thread::sleep_for(5ms); });
    run();
    EXPECT_GE(late->lateness.at(0), 4ms);
}

TEST_F(Deadlines, StoppedLeavesTheLoopNothingToWaitFor) {
    const auto waiting = noting(1);
    timers.arm(*waiting, start + far_away);
    timers.stop();
    run();
    EXPECT_TRUE(order.empty());
    EXPECT_TRUE(waiting->armed());
}

// The timer's handler may be queued already when the loop's owner stops the deadlines: cancel() does not recall it.
TEST_F(Deadlines, StoppedInTheTurnOfADeadlineCallsNobody) {
    const auto due = noting(1);
    const auto waiting = noting(2);
    boost::asio::steady_timer just_before(loop, start + 1ms);
    just_before.async_wait([this](const boost::system::error_code&) { timers.stop(); });
    timers.arm(*due, start + 1ms + 1us);
    timers.arm(*waiting, start + far_away);
    boost::asio::post(loop, [] { std::this_thread::sleep_for(5ms); });  // both timers expire in one turn
    loop.run_for(10s);
    EXPECT_TRUE(loop.stopped()) << "the loop still waits for somebody";
    EXPECT_TRUE(order.empty());
}

TEST_F(Deadlines, ArmedAgainAfterAStopComes) {
    const auto one = noting(1);
    timers.arm(*one, start + 1ms);
    timers.stop();
    timers.arm(*one, start + 2ms);
    run();
    EXPECT_EQ(order, std::vector<int>{1});
}

// The timer's handler is queued when another handler of the same turn arms an earlier deadline: it runs although its
// timer was moved.
TEST_F(Deadlines, AStaleWakeUpComesToNobodyEarly) {
    const auto first = noting(1);
    const auto second = noting(2);
    boost::asio::steady_timer just_before(loop, start + 1ms);
    just_before.async_wait([&](const boost::system::error_code&) {
        first->disarm();
        timers.arm(*second, steady::now() + 2ms);
        timers.arm(*first, steady::now() + 1ms);
    });
    timers.arm(*first, start + 1ms + 1us);
    boost::asio::post(loop, [] { std::this_thread::sleep_for(5ms); });
    run();
    EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(DeadlineAfter, AddsTheLimitUnlessThereIsNone) {
    const time_point from(5s);
    EXPECT_EQ(deadline_after(from, 3s), time_point(8s));
    EXPECT_EQ(deadline_after(from, time_limit::never()), time_point::max());
}

}  // namespace
}  // namespace firstfin
