#include "harness/sandbox/rtnetlink.hpp"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace firstfin::sandbox {

namespace {

constexpr int answered_by_data = 0;

// A message under construction. The largest we build (a veth pair) takes under 200 bytes.
class request_message {
public:
    request_message(std::uint16_t type, int flags) : header_(::mnl_nlmsg_put_header(bytes_.data())) {
        header_->nlmsg_type = type;
        header_->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    }

    template <class Header>
    Header& put_header() {
        return *static_cast<Header*>(::mnl_nlmsg_put_extra_header(header_, sizeof(Header)));
    }

    void put(std::uint16_t type, std::string_view text) {
        ::mnl_attr_put_strz(header_, type, std::string(text).c_str());
    }
    void put(std::uint16_t type, const rtnetlink::mac_address& mac) {
        ::mnl_attr_put(header_, type, mac.size(), mac.data());
    }
    void put(std::uint16_t type, const rtnetlink::address& address) {
        if (address.is_v4()) {
            const auto bytes = address.to_v4().to_bytes();
            ::mnl_attr_put(header_, type, bytes.size(), bytes.data());
        } else {
            const auto bytes = address.to_v6().to_bytes();
            ::mnl_attr_put(header_, type, bytes.size(), bytes.data());
        }
    }
    void put_u32(std::uint16_t type, std::uint32_t number) { ::mnl_attr_put_u32(header_, type, number); }

    template <class Inside>
    void put_nest(std::uint16_t type, Inside inside) {
        nlattr* const nest = ::mnl_attr_nest_start(header_, type);
        inside();
        ::mnl_attr_nest_end(header_, nest);
    }

    nlmsghdr& get() { return *header_; }

private:
    alignas(nlmsghdr) std::array<char, 512> bytes_{};
    nlmsghdr* header_;
};

unsigned char family_of(const rtnetlink::address& address) {
    return address.is_v4() ? AF_INET : AF_INET6;
}

}  // namespace

rtnetlink::rtnetlink(const network_namespace& inside) : socket_(inside, NETLINK_ROUTE) {}

const nlmsghdr& rtnetlink::ask(std::string_view attempt, nlmsghdr& message) {
    message.nlmsg_seq = socket_.next_sequence();
    socket_.send(attempt, {reinterpret_cast<const char*>(&message), message.nlmsg_len});
    const auto reply = socket_.receive(attempt, reply_);
    const auto* header = reinterpret_cast<const nlmsghdr*>(reply.data());
    if (!::mnl_nlmsg_ok(header, static_cast<int>(reply.size()))) fail(std::string(attempt), EBADMSG);
    if (header->nlmsg_type == NLMSG_ERROR) {
        const int error = -static_cast<const nlmsgerr*>(::mnl_nlmsg_get_payload(header))->error;
        if (error != 0) fail(std::string(attempt), error);
    }
    return *header;
}

void rtnetlink::request(std::string_view attempt, nlmsghdr& message) {
    if (ask(attempt, message).nlmsg_type != NLMSG_ERROR)
        fail(std::string(attempt), EBADMSG);  // error 0 is the acknowledgment
}

void rtnetlink::create_veth(std::string_view name, const veth_end& near, const veth_end& far) {
    request_message message(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
    message.put_header<ifinfomsg>().ifi_family = AF_UNSPEC;
    message.put(IFLA_IFNAME, name);
    message.put(IFLA_ADDRESS, near.mac);
    message.put_nest(IFLA_LINKINFO, [&] {
        message.put(IFLA_INFO_KIND, "veth");
        message.put_nest(IFLA_INFO_DATA, [&] {
            message.put_nest(VETH_INFO_PEER, [&] {
                message.put_header<ifinfomsg>();
                message.put(IFLA_IFNAME, name);
                message.put(IFLA_ADDRESS, far.mac);
                message.put_u32(IFLA_NET_NS_FD, static_cast<std::uint32_t>(far.home.fd()));
            });
        });
    });
    request("make a veth pair (EOPNOTSUPP: the kernel module veth is missing)", message.get());
}

void rtnetlink::set_up(unsigned link) {
    request_message message(RTM_NEWLINK, NLM_F_ACK);
    auto& header = message.put_header<ifinfomsg>();
    header.ifi_index = static_cast<int>(link);
    header.ifi_flags = IFF_UP;
    header.ifi_change = IFF_UP;
    request("bring a link up", message.get());
}

void rtnetlink::set_queue_length(unsigned link, std::uint32_t frames) {
    request_message message(RTM_NEWLINK, NLM_F_ACK);
    message.put_header<ifinfomsg>().ifi_index = static_cast<int>(link);
    message.put_u32(IFLA_TXQLEN, frames);  // the ioctl for it is for the host's root alone
    request("set the queue length of a link", message.get());
}

bool rtnetlink::is_operational(unsigned link) {
    request_message message(RTM_GETLINK, answered_by_data);
    message.put_header<ifinfomsg>().ifi_index = static_cast<int>(link);
    const auto& header = ask("ask for a link", message.get());
    bool up = false;
    const auto note_state = [](const nlattr* attribute, void* out) {
        if (::mnl_attr_get_type(attribute) != IFLA_OPERSTATE) return MNL_CB_OK;
        *static_cast<bool*>(out) = ::mnl_attr_get_u8(attribute) == IF_OPER_UP;
        return MNL_CB_STOP;
    };
    ::mnl_attr_parse(&header, sizeof(ifinfomsg), note_state, &up);
    return up;
}

std::uint64_t rtnetlink::dropped(unsigned link) {
    request_message message(RTM_GETLINK, answered_by_data);
    message.put_header<ifinfomsg>().ifi_index = static_cast<int>(link);
    const auto& header = ask("ask for a link's counters", message.get());
    std::uint64_t frames = 0;
    const auto add_drops = [](const nlattr* attribute, void* out) {
        if (::mnl_attr_get_type(attribute) != IFLA_STATS64) return MNL_CB_OK;
        rtnl_link_stats64 counters{};  // copied: attributes are aligned to four bytes only
        std::memcpy(&counters, ::mnl_attr_get_payload(attribute),
                    std::min<std::size_t>(sizeof counters, ::mnl_attr_get_payload_len(attribute)));
        *static_cast<std::uint64_t*>(out) =
            counters.tx_dropped + counters.tx_errors + counters.rx_dropped + counters.rx_errors;
        return MNL_CB_STOP;
    };
    ::mnl_attr_parse(&header, sizeof(ifinfomsg), add_drops, &frames);
    return frames;
}

void rtnetlink::add_address(unsigned link, const address& added, unsigned prefix) {
    request_message message(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
    auto& header = message.put_header<ifaddrmsg>();
    header.ifa_family = family_of(added);
    header.ifa_prefixlen = static_cast<unsigned char>(prefix);
    header.ifa_flags =
        added.is_v6() ? IFA_F_NODAD : 0;  // duplicate detection would keep the address tentative for a second
    header.ifa_index = link;
    message.put(IFA_LOCAL, added);
    message.put(IFA_ADDRESS, added);
    request("add an address", message.get());
}

bool rtnetlink::is_local(const address& asked) {
    request_message message(RTM_GETROUTE, answered_by_data);
    message.put_header<rtmsg>().rtm_family = family_of(asked);
    message.put(RTA_DST, asked);
    const auto& header = ask("ask for a route", message.get());
    return static_cast<const rtmsg*>(::mnl_nlmsg_get_payload(&header))->rtm_type == RTN_LOCAL;
}

void rtnetlink::add_permanent_neighbour(unsigned link, const address& neighbour, const mac_address& mac) {
    request_message message(RTM_NEWNEIGH, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE);
    auto& header = message.put_header<ndmsg>();
    header.ndm_family = family_of(neighbour);
    header.ndm_ifindex = static_cast<int>(link);
    header.ndm_state = NUD_PERMANENT;
    message.put(NDA_DST, neighbour);
    message.put(NDA_LLADDR, mac);
    request("add a neighbour", message.get());
}

}  // namespace firstfin::sandbox
