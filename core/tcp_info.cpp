#include "core/tcp_info.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace firstfin {

std::optional<tcp_state> state_of(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
    return static_cast<tcp_state>(info.tcpi_state);
}

socket_moment moment_of(int socket) {
    socket_moment out;
    out.state = state_of(socket);
    int unread = 0;
    if (::ioctl(socket, FIONREAD, &unread) == 0 && unread > 0) out.unread = static_cast<std::uint32_t>(unread);
    return out;
}

}  // namespace firstfin
