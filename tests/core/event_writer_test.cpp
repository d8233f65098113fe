#include "core/event_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <boost/asio/post.hpp>
#include <csignal>
#include <system_error>

#include "tests/harness/sandbox/eventually.hpp"

namespace firstfin::role {
namespace {

using namespace std::chrono_literals;
using ::firstfin::testing::eventually;

constexpr int small_pipe = 4096;
constexpr std::uint64_t many = 10'000;  // some 400 KB: a hundred small pipes

struct EventWriter : ::testing::Test {
    EventWriter() {
        std::signal(SIGPIPE, SIG_IGN);  // as both role programs do
        if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
            throw std::system_error(errno, std::generic_category(), "pipe");
        ::fcntl(ends[1], F_SETPIPE_SZ, small_pipe);
        writer.emplace(loop, ends[1]);
        close_end(1);  // the writer has a duplicate of its own
    }
    ~EventWriter() override {
        for (const std::size_t end : {0U, 1U})
            close_end(end);
    }
    void close_end(std::size_t end) {
        if (ends[end] >= 0) ::close(ends[end]);
        ends[end] = -1;
    }

    void write(std::uint64_t from, std::uint64_t to) {
        event one;
        one.kind = event_kind::eof;
        for (one.conn = from; one.conn < to; ++one.conn)
            writer->write(one);
    }
    /// Takes what is in the pipe now.
    std::size_t read_some() {
        std::array<char, 1000> piece{};  // not a divisor of the pipe: lines arrive in pieces
        std::size_t all = 0;
        for (ssize_t size = 0; (size = ::read(ends[0], piece.data(), piece.size())) > 0;
             all += static_cast<std::size_t>(size))
            lines.feed({piece.data(), static_cast<std::size_t>(size)}, [this](std::string_view line) { take(line); });
        return all;
    }
    void take(std::string_view line) {
        const auto one = parse_event(line);
        ASSERT_TRUE(one) << line;
        ASSERT_EQ(one->conn, next) << "a line is missing, twice there or out of order";
        ++next;
    }
    /// One turn of the loop, however little there is to do.
    void turn() {
        loop.restart();
        loop.poll();
    }

    std::array<int, 2> ends{-1, -1};
    boost::asio::io_context loop{1};
    std::optional<event_writer> writer;
    line_splitter lines;
    std::uint64_t next = 1;
};

TEST_F(EventWriter, LeavesTheLoopAliveWhileNobodyReads) {
    write(1, many);
    bool other_work_done = false;
    boost::asio::post(loop, [&] { other_work_done = true; });
    turn();  // returns, although the pipe has been full for long
    EXPECT_TRUE(other_work_done);
    EXPECT_FALSE(writer->broken());
    EXPECT_EQ(read_some(), static_cast<std::size_t>(small_pipe));
}

TEST_F(EventWriter, BringsEveryLineInOrderToASlowReader) {
    write(1, many / 2);
    turn();
    write(many / 2, many);  // while a write is under way
    EXPECT_TRUE(eventually([&] {
        read_some();
        turn();
        return next == many;
    })) << next;
}

TEST_F(EventWriter, WritesWhatOneTurnHoldsInOnePiece) {
    write(1, 4);
    EXPECT_EQ(read_some(), 0U);
    turn();
    read_some();
    EXPECT_EQ(next, 4U);
}

TEST_F(EventWriter, IsBrokenWhenTheReaderIsGone) {
    close_end(0);
    EXPECT_FALSE(writer->broken());
    write(1, 2);
    turn();
    EXPECT_TRUE(writer->broken());
    write(2, many);
    turn();
    EXPECT_TRUE(writer->broken());
    writer->flush(10s);  // returns at once
}

TEST_F(EventWriter, IsBrokenWhenTheReaderLeavesInTheMiddle) {
    write(1, many);
    turn();
    read_some();
    close_end(0);
    EXPECT_TRUE(eventually([&] {
        turn();
        return writer->broken();
    }));
}

TEST_F(EventWriter, FlushesToAReaderThatReads) {
    write(1, many);
    turn();
    // The reader is another process in a run: here it reads between flushes that lose patience.
    EXPECT_TRUE(eventually([&] {
        writer->flush(0s);
        read_some();
        return next == many;
    })) << next;
}

TEST_F(EventWriter, FlushesAfterTheLoopWasStopped) {
    write(1, 10);
    boost::asio::post(loop, [&] { loop.stop(); });
    loop.run();
    write(10, 20);
    writer->flush(10s);
    read_some();
    EXPECT_EQ(next, 20U);
}

TEST_F(EventWriter, FlushesNothingTwice) {
    write(1, 10);
    turn();
    writer->flush(10s);
    writer->flush(10s);
    read_some();
    EXPECT_EQ(next, 10U);
}

TEST_F(EventWriter, LosesPatienceWithAReaderThatDoesNotRead) {
    write(1, many);
    turn();
    const auto start = steady::now();
    writer->flush(20ms);
    EXPECT_GE(steady::now() - start, 20ms);
    read_some();  // whole lines in order; the last one is cut, and dropped by the splitter
    EXPECT_GT(next, 1U);
    EXPECT_LT(next, many);
}

}  // namespace
}  // namespace firstfin::role
