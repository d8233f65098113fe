#include "harness/sandbox/netlink_socket.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

namespace firstfin::sandbox {

netlink_socket::netlink_socket(const network_namespace& inside, int bus) {
    const netns_scope scope(inside);
    socket_.reset(::mnl_socket_open2(bus, SOCK_CLOEXEC));
    if (!socket_) fail("open a netlink socket", errno);
    check("bind a netlink socket", ::mnl_socket_bind(socket_.get(), 0, MNL_SOCKET_AUTOPID));
}

int netlink_socket::fd() const noexcept {
    return ::mnl_socket_get_fd(socket_.get());
}

void netlink_socket::send(std::string_view attempt, std::span<const char> requests) {
    check(attempt, ::mnl_socket_sendto(socket_.get(), requests.data(), requests.size()));
}

std::span<const char> netlink_socket::receive(std::string_view attempt, std::span<char> buffer) {
    // MSG_TRUNC makes recv return the true length: a cut message must not be read as a whole one.
    const auto size = check(attempt, ::recv(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_TRUNC));
    if (static_cast<std::size_t>(size) > buffer.size())
        fail(fmt::format("{}: reply of {} bytes", attempt, size), EMSGSIZE);
    return buffer.first(static_cast<std::size_t>(size));
}

}  // namespace firstfin::sandbox
