#include "server/nginx/input.hpp"

#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>

namespace firstfin::nginx {

void input::take(std::uint32_t events) {
    if ((events & EPOLLRDHUP) != 0) peer_closed_ = true;
    ready_ = true;
    available_ = -1;
}

input::outcome input::receive(int fd, char* into, std::size_t size, std::size_t& received) {
    received = 0;
    if (available_ == 0 && !peer_closed_) {
        ready_ = false;
        return outcome::nothing_yet;
    }
    ssize_t count = 0;
    do {
        count = ::recv(fd, into, size, 0);
    } while (count < 0 && errno == EINTR);
    if (count == 0) {
        ready_ = false;
        ended_ = true;
        return outcome::end;
    }
    if (count < 0) {
        ready_ = false;
        return errno == EAGAIN ? outcome::nothing_yet : outcome::failed;
    }

    received = static_cast<std::size_t>(count);
    if (available_ >= 0) {
        available_ -= static_cast<int>(count);
        // More came than was known of: another event tells of the rest.
        if (available_ < 0) {
            available_ = 0;
            ready_ = false;
        }
    } else if (received == size && ::ioctl(fd, FIONREAD, &available_) != 0) {
        return outcome::failed;
    }
    if (received < size) {
        if (!peer_closed_) ready_ = false;
        available_ = 0;
    }
    return outcome::bytes;
}

}  // namespace firstfin::nginx
