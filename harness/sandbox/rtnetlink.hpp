#pragma once

#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <string_view>

#include "harness/sandbox/netlink_socket.hpp"

namespace firstfin::sandbox {

/// Links, addresses and neighbours of one namespace, without the ip command. One request, one acknowledgment.
class rtnetlink {
public:
    using address = boost::asio::ip::address;
    using mac_address = std::array<unsigned char, 6>;

    struct veth_end {
        const network_namespace& home;
        mac_address mac;
    };

    explicit rtnetlink(const network_namespace& inside);

    /// Both ends get the name; `near` must be the namespace of this object.
    void create_veth(std::string_view name, const veth_end& near, const veth_end& far);
    void set_up(unsigned link);
    /// Frames a link holds that nobody has taken yet; beyond it they are dropped.
    void set_queue_length(unsigned link, std::uint32_t frames);
    [[nodiscard]] bool is_operational(unsigned link);
    /// Frames the interface could not send or take in, since it was made.
    [[nodiscard]] std::uint64_t dropped(unsigned link);
    void add_address(unsigned link, const address& added, unsigned prefix);
    /// Whether packets to this address are taken in.
    [[nodiscard]] bool is_local(const address& asked);
    void add_permanent_neighbour(unsigned link, const address& neighbour, const mac_address& mac);

private:
    void request(std::string_view attempt, nlmsghdr& message);
    const nlmsghdr& ask(std::string_view attempt, nlmsghdr& message);

    netlink_socket socket_;
    alignas(nlmsghdr) std::array<char, 16384> reply_;
};

}  // namespace firstfin::sandbox
