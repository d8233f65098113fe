#pragma once

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

#include <vector>

#include "harness/sandbox/network_namespace.hpp"

namespace firstfin::testing {

struct frame {
    std::uint16_t ethertype;
    std::vector<unsigned char> bytes;  // from the network header on
    bool checksum_missing;
};

/// Everything that passes an interface, both directions, from construction on.
class wire_tap {
public:
    wire_tap(const sandbox::network_namespace& inside, const char* interface) {
        const sandbox::netns_scope scope(inside);
        socket_.reset(sandbox::check("tap", ::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)));
        const int on = 1;
        sandbox::check("auxdata", ::setsockopt(socket_.get(), SOL_PACKET, PACKET_AUXDATA, &on, sizeof on));
        sockaddr_ll at{};
        at.sll_family = AF_PACKET;
        at.sll_protocol = htons(ETH_P_ALL);
        at.sll_ifindex = static_cast<int>(::if_nametoindex(interface));
        sandbox::check("bind a tap", ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at));
    }

    [[nodiscard]] std::vector<frame> frames() {
        std::vector<frame> all;
        for (;;) {
            std::vector<unsigned char> bytes(1 << 17);
            alignas(cmsghdr) char control[256];
            sockaddr_ll from{};
            iovec data{bytes.data(), bytes.size()};
            msghdr message{&from, sizeof from, &data, 1, control, sizeof control, 0};
            const auto size = ::recvmsg(socket_.get(), &message, 0);
            if (size < 0) return all;
            bytes.resize(static_cast<std::size_t>(size));
            bool missing = false;
            for (auto* part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part))
                if (part->cmsg_type == PACKET_AUXDATA)
                    missing =
                        reinterpret_cast<const tpacket_auxdata*>(CMSG_DATA(part))->tp_status & TP_STATUS_CSUMNOTREADY;
            all.push_back({ntohs(from.sll_protocol), std::move(bytes), missing});
        }
    }

private:
    sandbox::unique_fd socket_;
};

}  // namespace firstfin::testing
