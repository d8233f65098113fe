#include "core/tcp_info.hpp"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "tests/harness/sandbox/eventually.hpp"

namespace firstfin {
namespace {

using boost::asio::ip::tcp;
using ::firstfin::testing::eventually;

/// Both ends of one loopback connection.
struct TcpInfo : ::testing::Test {
    TcpInfo() {
        tcp::acceptor acceptor(loop, {boost::asio::ip::address_v4::loopback(), 0});
        peer.connect(acceptor.local_endpoint());
        own = acceptor.accept();
    }
    bool becomes(tcp_state state, std::uint32_t unread) {
        return eventually([&] { return moment().state == state && moment().unread == unread; });
    }
    socket_moment moment() { return moment_of(own.native_handle()); }

    boost::asio::io_context loop{1};
    tcp::socket peer{loop};
    tcp::socket own{loop};
};

TEST_F(TcpInfo, EstablishedAndEmpty) {
    EXPECT_EQ(moment().state, tcp_state::established);
    EXPECT_EQ(moment().unread, 0U);
    EXPECT_FALSE(moment().pending_fin());
}

TEST_F(TcpInfo, UnreadBytes) {
    boost::asio::write(peer, boost::asio::buffer("hello", 5));
    EXPECT_TRUE(becomes(tcp_state::established, 5));
    std::array<char, 3> part{};
    own.read_some(boost::asio::buffer(part));
    EXPECT_EQ(moment().unread, 2U);
    EXPECT_FALSE(moment().pending_fin());
}

TEST_F(TcpInfo, PendingFin) {
    peer.close();
    EXPECT_TRUE(becomes(tcp_state::close_wait, 0));
    EXPECT_TRUE(moment().pending_fin());
}

TEST_F(TcpInfo, PendingFinBehindUnreadBytesIsNoByteOfThem) {
    boost::asio::write(peer, boost::asio::buffer("hello", 5));
    peer.close();
    EXPECT_TRUE(becomes(tcp_state::close_wait, 5));
    EXPECT_TRUE(moment().pending_fin());
}

TEST_F(TcpInfo, OwnFinFirst) {
    own.shutdown(tcp::socket::shutdown_send);
    EXPECT_TRUE(becomes(tcp_state::fin_wait_2, 0));
    EXPECT_FALSE(moment().pending_fin());
}

TEST_F(TcpInfo, Reset) {
    peer.set_option(tcp::socket::linger(true, 0));
    peer.close();
    EXPECT_TRUE(becomes(tcp_state::closed, 0));
    EXPECT_FALSE(moment().pending_fin());
}

TEST_F(TcpInfo, Listener) {
    tcp::acceptor acceptor(loop, {boost::asio::ip::address_v4::loopback(), 0});
    EXPECT_EQ(moment_of(acceptor.native_handle()).state, tcp_state::listen);
}

TEST_F(TcpInfo, ClosedDescriptorHasNoState) {
    const int closed = own.native_handle();
    own.close();
    EXPECT_EQ(moment_of(closed).state, std::nullopt);
    EXPECT_EQ(moment_of(closed).unread, 0U);
    EXPECT_FALSE(moment_of(closed).pending_fin());
    EXPECT_EQ(moment_of(-1).state, std::nullopt);
}

}  // namespace
}  // namespace firstfin
