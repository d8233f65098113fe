#include "harness/sandbox/stage_addresses.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace firstfin::sandbox {

namespace asio_ip = boost::asio::ip;

stage_addresses::stage_addresses(unsigned stage) : stage_(stage) {
    if (stage > max_stage) throw std::out_of_range(fmt::format("stage {}: the highest number is {}", stage, max_stage));
}

asio_ip::address stage_addresses::server(ip_family family) const {
    return host(family, 1);
}

asio_ip::address stage_addresses::client(ip_family family, unsigned index) const {
    if (index >= max_clients)
        throw std::out_of_range(fmt::format("client address {}: a stage has {}", index, max_clients));
    return host(family, 2 + index);
}

unsigned stage_addresses::prefix(ip_family family) {
    return family == ip_family::v4 ? 24 : 64;
}

asio_ip::address stage_addresses::host(ip_family family, unsigned number) const {
    if (family == ip_family::v4)
        return asio_ip::address_v4(10U << 24 | (64 + stage_ / 250) << 16 | (stage_ % 250) << 8 | number);
    asio_ip::address_v6::bytes_type bytes{0xfd, 0x00, 0x00, 0xff};
    bytes[4] = static_cast<unsigned char>(stage_ >> 8);
    bytes[5] = static_cast<unsigned char>(stage_);
    bytes[15] = static_cast<unsigned char>(number);
    return asio_ip::address_v6(bytes);
}

}  // namespace firstfin::sandbox
