#include "harness/witness/sock_diag_message.hpp"

#include <arpa/inet.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>

#include <cstring>
#include <span>
#include <stdexcept>

namespace firstfin::witness {

namespace {

namespace asio_ip = boost::asio::ip;

constexpr std::uint32_t any_state = ~0U;

diag_request blank(std::uint8_t family, std::uint32_t states, int flags, std::uint32_t sequence) {
    diag_request request{};
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    request.header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    request.header.nlmsg_seq = sequence;
    request.body.sdiag_family = family;
    request.body.sdiag_protocol = IPPROTO_TCP;
    request.body.idiag_states = states;
    return request;
}

void put(const address& from, std::span<__be32, 4> to) {
    if (from.is_v4()) {
        const auto bytes = from.to_v4().to_bytes();
        std::memcpy(to.data(), bytes.data(), bytes.size());
    } else {
        const auto bytes = from.to_v6().to_bytes();
        std::memcpy(to.data(), bytes.data(), bytes.size());
    }
}

endpoint end_from(std::uint8_t family, std::span<const __be32, 4> from, __be16 port) {
    if (family == AF_INET) {
        asio_ip::address_v4::bytes_type bytes;
        std::memcpy(bytes.data(), from.data(), bytes.size());
        return {asio_ip::address_v4(bytes), ntohs(port)};
    }
    asio_ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), from.data(), bytes.size());
    return without_mapping({asio_ip::address_v6(bytes), ntohs(port)});
}

}  // namespace

diag_request exact_request(const connection_ends& ends, std::uint32_t sequence) {
    // The kernel looks a v4 pair up in the table itself, whatever the family of the socket: AF_INET finds the v4-mapped
    // connections of dual-stack servers too. (A dump does not.)
    const auto local = without_mapping(ends.local);
    const auto remote = without_mapping(ends.remote);
    if (local.address().is_v4() != remote.address().is_v4())
        throw std::invalid_argument("a connection from " + to_text(local) + " to " + to_text(remote) + " cannot be");
    auto request = blank(local.address().is_v4() ? AF_INET : AF_INET6, any_state, 0, sequence);
    auto& id = request.body.id;
    put(local.address(), id.idiag_src);
    put(remote.address(), id.idiag_dst);
    id.idiag_sport = htons(local.port());
    id.idiag_dport = htons(remote.port());
    id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
    id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    return request;
}

diag_request dump_request(std::uint8_t family, std::uint32_t states, std::uint16_t local_port,
                          std::uint16_t remote_port, std::uint32_t sequence) {
    auto request = blank(family, states, NLM_F_DUMP, sequence);
    request.body.id.idiag_sport = htons(local_port);
    request.body.id.idiag_dport = htons(remote_port);
    return request;
}

socket_row row_from(const inet_diag_msg& message) {
    const auto& id = message.id;
    return {.state = static_cast<tcp_state>(message.idiag_state),
            .ends = {end_from(message.idiag_family, id.idiag_src, id.idiag_sport),
                     end_from(message.idiag_family, id.idiag_dst, id.idiag_dport)},
            .timer = static_cast<socket_timer>(message.idiag_timer),
            .expires = std::chrono::milliseconds(message.idiag_expires),
            .inode = message.idiag_inode,
            .uid = message.idiag_uid,
            .rqueue = message.idiag_rqueue,
            .wqueue = message.idiag_wqueue};
}

}  // namespace firstfin::witness
