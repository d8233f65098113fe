#include "server/nginx/input.hpp"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string_view>

namespace firstfin::nginx {
namespace {

using enum input::outcome;

class Input : public ::testing::Test {
protected:
    Input() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends_.data()), 0); }
    ~Input() override {
        for (const int fd : ends_)
            ::close(fd);
    }
    void come(std::string_view text) { EXPECT_EQ(::send(ends_[1], text.data(), text.size(), 0), std::ssize(text)); }
    input::outcome receive(std::size_t size) { return in_.receive(ends_[0], bytes_.data(), size, received_); }

    std::array<int, 2> ends_{};
    std::array<char, 64> bytes_{};
    std::size_t received_ = 0;
    input in_;
};

TEST_F(Input, LessThanAskedForMeansNoMore) {
    come("abc");
    in_.take(EPOLLIN);
    EXPECT_TRUE(in_.ready());
    EXPECT_EQ(receive(10), bytes);
    EXPECT_EQ(received_, 3U);
    EXPECT_FALSE(in_.ready());
}

// nginx stays ready here, and so lingers after a request that filled its buffer to the last byte.
TEST_F(Input, ExactlyWhatWasThereLeavesItReady) {
    come("abc");
    in_.take(EPOLLIN);
    EXPECT_EQ(receive(3), bytes);
    EXPECT_TRUE(in_.ready());
    EXPECT_EQ(receive(3), nothing_yet);
    EXPECT_FALSE(in_.ready());
}

TEST_F(Input, TheRestIsKnownOfWithoutAskingTwice) {
    come("abcde");
    in_.take(EPOLLIN);
    EXPECT_EQ(receive(3), bytes);
    EXPECT_EQ(receive(10), bytes);
    EXPECT_EQ(received_, 2U);
    EXPECT_FALSE(in_.ready());
}

TEST_F(Input, AnEndBehindBytesKeepsItReady) {
    come("abc");
    ::shutdown(ends_[1], SHUT_WR);
    in_.take(EPOLLIN | EPOLLRDHUP);
    EXPECT_EQ(receive(10), bytes);
    EXPECT_TRUE(in_.ready());
    EXPECT_TRUE(in_.peer_closed());
    EXPECT_FALSE(in_.ended());
    EXPECT_EQ(receive(10), end);
    EXPECT_TRUE(in_.ended());
    EXPECT_FALSE(in_.ready());
}

TEST_F(Input, NothingThereIsNoError) {
    in_.take(EPOLLIN);
    EXPECT_EQ(receive(10), nothing_yet);
    EXPECT_FALSE(in_.ready());
}

}  // namespace
}  // namespace firstfin::nginx
