#include "harness/sandbox/link.hpp"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstring>

#include "harness/sandbox/sysctl.hpp"

namespace firstfin::sandbox {

namespace {

using namespace std::chrono_literals;

constexpr auto ready_deadline = 5s;

// No link-local address: its duplicate detection, router solicitations and multicast reports would be on every capture,
// and nobody here uses it.
void keep_ipv6_quiet(const network_namespace& inside) {
    constexpr auto name = "net.ipv6.conf.default.addr_gen_mode";
    if (has_sysctl(inside, name)) set_sysctl(inside, name, "1");
}

// A veth hands over segments of up to 64 KB with unfinished checksums. Without checksum offload the kernel has to fill
// them in and gives up TSO as well, so the capture shows MTU-size segments as a network would. Software GSO stays (it
// splits before the capture point) and GRO is off on a veth unless asked for.
void send_real_segments(const network_namespace& inside) {
    const netns_scope scope(inside);
    const unique_fd any_socket(check("open a socket for ethtool", ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)));
    ethtool_value off{ETHTOOL_STXCSUM, 0};
    ifreq request{};
    std::strncpy(request.ifr_name, link::interface_name, sizeof request.ifr_name - 1);
    request.ifr_data = reinterpret_cast<char*>(&off);
    check("switch checksum offload off", ::ioctl(any_socket.get(), SIOCETHTOOL, &request));
}

unsigned index_inside(const network_namespace& inside) {
    const netns_scope scope(inside);
    const unsigned index = ::if_nametoindex(link::interface_name);
    if (index == 0) fail("find the link", errno);
    return index;
}

template <class Condition>
void await(std::string_view what, Condition holds) {
    const auto deadline = std::chrono::steady_clock::now() + ready_deadline;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline) fail(std::string(what), ETIMEDOUT);
        ::usleep(50);
    }
}

}  // namespace

link::link(const network_namespace& server, const network_namespace& client)
    : server_{rtnetlink(server)}, client_{rtnetlink(client)} {
    keep_ipv6_quiet(server);
    keep_ipv6_quiet(client);
}

void link::bring_up(const network_namespace& server, const network_namespace& client) {
    server_.index = index_inside(server);
    client_.index = index_inside(client);
    server_.control.set_up(server_.index);
    client_.control.set_up(client_.index);
}

veth_pair::veth_pair(const network_namespace& server, const network_namespace& client) : link(server, client) {
    server_.control.create_veth(interface_name, {server, server_mac}, {client, client_mac});
    send_real_segments(server);
    send_real_segments(client);
    bring_up(server, client);
    // Until the kernel's link watch has run, a veth that is up still drops what is sent.
    for (auto* side : {&server_, &client_})
        await("wait for the veth's carrier", [side] { return side->control.is_operational(side->index); });
}

void link::add_addresses(link_side side, std::span<const address> added, unsigned prefix) {
    const bool at_server = side == link_side::server;
    auto& own = at_server ? server_ : client_;
    auto& peer = at_server ? client_ : server_;
    for (const auto& one : added) {
        own.control.add_address(own.index, one, prefix);
        // Told once instead of resolved: no ARP or neighbour discovery on the wire, and none that could delay a first
        // SYN or expire during a long idle period.
        peer.control.add_permanent_neighbour(peer.index, one, at_server ? server_mac : client_mac);
    }
    // IPv6 enters the local route from a work queue even without duplicate detection; a SYN that comes before is lost,
    // and repeated only after a second.
    for (const auto& one : added)
        await("wait for an address to work", [&] { return own.control.is_local(one); });
}

}  // namespace firstfin::sandbox
