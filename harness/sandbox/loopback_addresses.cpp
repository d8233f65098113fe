#include "harness/sandbox/loopback_addresses.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace firstfin::sandbox {

boost::asio::ip::address loopback_addresses::client(unsigned index) const {
    if (index >= max_clients)
        throw std::out_of_range(fmt::format("client address {}: a stage has {}", index, max_clients));
    return host(2 + index);
}

boost::asio::ip::address loopback_addresses::host(unsigned number) const {
    return boost::asio::ip::address_v4(127U << 24 | (64 + pair_ / 250) << 16 | (pair_ % 250) << 8 | number);
}

}  // namespace firstfin::sandbox
