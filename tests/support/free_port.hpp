#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>

namespace firstfin::test {

/// Of 127.0.0.1: free a moment ago, and nobody is given it soon, as the kernel draws at random.
inline std::uint16_t free_port() {
    boost::asio::io_context unused;
    const boost::asio::ip::tcp::endpoint any(boost::asio::ip::address_v4::loopback(), 0);
    return boost::asio::ip::tcp::acceptor(unused, any).local_endpoint().port();
}

}  // namespace firstfin::test
