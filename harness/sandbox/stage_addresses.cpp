#include "harness/sandbox/stage_addresses.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace firstfin::sandbox {

namespace asio_ip = boost::asio::ip;

namespace {

asio_ip::address in_trials_network(ip_family family, std::uint32_t number) {
    if (family == ip_family::v4) return asio_ip::address_v4(172U << 24 | 16U << 16 | number);
    asio_ip::address_v6::bytes_type bytes{0xfd, 0x00, 0x00, 0xfe};
    for (std::size_t at = 0; at < 4; ++at)
        bytes[12 + at] = static_cast<unsigned char>(number >> (24 - 8 * at));
    return asio_ip::address_v6(bytes);
}

}  // namespace

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

asio_ip::address stage_addresses::of_trial(ip_family family, std::uint64_t trial) {
    if (trial >= max_trials) throw std::out_of_range(fmt::format("trial {}: addresses are for {}", trial, max_trials));
    const auto number = static_cast<std::uint32_t>(trial + 1);
    return in_trials_network(family, number);
}

asio_ip::address stage_addresses::client_of_trials(ip_family family) {
    return in_trials_network(family, (1U << 20) - 2);
}

unsigned stage_addresses::prefix_of_trials(ip_family family) {
    return family == ip_family::v4 ? 12 : 64;
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
