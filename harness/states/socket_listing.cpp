#include "harness/states/socket_listing.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "core/parse_error.hpp"

namespace firstfin::states {

using sandbox::check;

namespace {

// The kernel fills pieces of at most 32 KB.
constexpr std::size_t buffer_bytes = 64 * 1024;

// TCP_BOUND_INACTIVE (13) stays out: neither netstat nor a person calls that a connection.
constexpr std::uint32_t all_states = ((1U << tcp_state_count) - 1) & ~1U;

constexpr std::uint8_t mini_timer = 3;  // idiag_timer of inet_twsk_diag_fill()

template <class Body>
struct request {
    nlmsghdr header;
    Body body;
};

template <class Body>
request<Body> dump_request(std::uint16_t type, std::uint32_t sequence) {
    request<Body> out;
    std::memset(&out, 0, sizeof out);
    out.header.nlmsg_len = sizeof out;
    out.header.nlmsg_type = type;
    out.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    out.header.nlmsg_seq = sequence;
    out.body.idiag_states = all_states;
    return out;
}

int error_in(const nlmsghdr& message) {
    return message.nlmsg_len < NLMSG_LENGTH(sizeof(int)) ? 0
                                                         : -*static_cast<const int*>(::mnl_nlmsg_get_payload(&message));
}

counted_socket socket_in(const inet_diag_msg& row) {
    return {.state = static_cast<tcp_state>(row.idiag_state),
            .mini = row.idiag_timer == mini_timer,
            .expires_ms = row.idiag_expires,
            .local_port = ntohs(row.id.idiag_sport),
            .remote_port = ntohs(row.id.idiag_dport)};
}

}  // namespace

socket_listing::socket_listing()
    : socket_(check("open a netlink socket", ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG))),
      buffer_(buffer_bytes) {}

void socket_listing::for_each(const visitor& visit) {
    int error = list_both_families(visit);
    if (error == 0) return;
    // A kernel without the old request refuses it before the first row.
    error = list_family(AF_INET, visit);
    if (error == 0) {
        error = list_family(AF_INET6, visit);
        if (error == ENOENT) error = 0;  // booted without IPv6
    }
    if (error != 0)
        throw environment_lacks(fmt::format(
            "this kernel does not list its TCP sockets ({}): load the modules with modprobe tcp_diag, or use a "
            "kernel built with CONFIG_INET_DIAG",
            std::strerror(error)));
}

// TCPDIAG_GETSOCK, the request of before 3.3, knows no family: both come in one walk through the whole table, which is
// most of the cost where few sockets are.
int socket_listing::list_both_families(const visitor& visit) {
    const auto asked = dump_request<inet_diag_req>(TCPDIAG_GETSOCK, ++sequence_);
    check("ask for TCP sockets", ::send(socket_.get(), &asked, sizeof asked, 0));
    return receive(visit);
}

int socket_listing::list_family(int family, const visitor& visit) {
    auto asked = dump_request<inet_diag_req_v2>(SOCK_DIAG_BY_FAMILY, ++sequence_);
    asked.body.sdiag_family = static_cast<std::uint8_t>(family);
    asked.body.sdiag_protocol = IPPROTO_TCP;
    check("ask for TCP sockets", ::send(socket_.get(), &asked, sizeof asked, 0));
    return receive(visit);
}

int socket_listing::receive(const visitor& visit) {
    for (;;) {
        const auto size = ::recv(socket_.get(), buffer_.data(), buffer_.size(), MSG_TRUNC);
        if (size < 0 && errno == EINTR) continue;
        check("read TCP sockets", size);
        if (static_cast<std::size_t>(size) > buffer_.size()) sandbox::fail("read TCP sockets", EMSGSIZE);
        auto left = static_cast<int>(size);
        for (const auto* message = reinterpret_cast<const nlmsghdr*>(buffer_.data()); ::mnl_nlmsg_ok(message, left);
             message = ::mnl_nlmsg_next(message, &left)) {
            if (message->nlmsg_seq != sequence_) continue;
            if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) return error_in(*message);
            if (message->nlmsg_len >= NLMSG_LENGTH(sizeof(inet_diag_msg)))
                visit(socket_in(*static_cast<const inet_diag_msg*>(::mnl_nlmsg_get_payload(message))));
        }
    }
}

}  // namespace firstfin::states
