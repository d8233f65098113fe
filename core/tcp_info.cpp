#include "core/tcp_info.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace firstfin {

socket_moment moment_of(int socket) {
    socket_moment out;
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0)
        out.state = static_cast<tcp_state>(info.tcpi_state);
    int unread = 0;
    if (::ioctl(socket, FIONREAD, &unread) == 0 && unread > 0) out.unread = static_cast<std::uint32_t>(unread);
    return out;
}

}  // namespace firstfin
