#pragma once

#include <boost/asio/ip/address.hpp>

namespace firstfin::sandbox {

/// Pair N of addresses in 127/8: 127.(64 + N/250).(N mod 250), the server at .1, clients from .2 on. Every Linux host
/// has them on lo already; programs that listen on localhost use 127.0.0.1 and are far away. Numbers wrap around.
class loopback_addresses {
public:
    static constexpr unsigned pairs = 16'000;  // 127.64 to 127.127
    static constexpr unsigned max_clients = 253;

    explicit loopback_addresses(unsigned pair) : pair_(pair % pairs) {}

    [[nodiscard]] boost::asio::ip::address server() const { return host(1); }
    /// Throws std::out_of_range from max_clients on.
    [[nodiscard]] boost::asio::ip::address client(unsigned index) const;

private:
    [[nodiscard]] boost::asio::ip::address host(unsigned number) const;

    unsigned pair_;
};

}  // namespace firstfin::sandbox
