#pragma once

#include <sys/socket.h>

#include "core/endpoint.hpp"
#include "harness/sandbox/network_namespace.hpp"
#include "tests/harness/sandbox/eventually.hpp"

// Blocking sockets in namespaces, and nothing between the test and the kernel.
namespace firstfin::testing {

inline endpoint end_of(int fd, int (*which)(int, sockaddr*, socklen_t*)) {
    endpoint end;
    socklen_t size = static_cast<socklen_t>(end.capacity());
    sandbox::check("ask for an end", which(fd, end.data(), &size));
    end.resize(size);
    return without_mapping(end);
}
inline endpoint local_end(int fd) {
    return end_of(fd, ::getsockname);
}
inline endpoint remote_end(int fd) {
    return end_of(fd, ::getpeername);
}

inline sandbox::unique_fd bound_socket(const sandbox::network_namespace& inside, const endpoint& at) {
    const sandbox::netns_scope scope(inside);
    sandbox::unique_fd fd(
        sandbox::check("make a socket", ::socket(at.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0)));
    sandbox::check("bind", ::bind(fd.get(), at.data(), static_cast<socklen_t>(at.size())));
    return fd;
}

inline sandbox::unique_fd listen_in(const sandbox::network_namespace& inside, const address& at) {
    auto fd = bound_socket(inside, endpoint(at, 0));
    sandbox::check("listen", ::listen(fd.get(), 1024));
    return fd;
}

inline sandbox::unique_fd connect_in(const sandbox::network_namespace& inside, const address& from,
                                     const endpoint& to) {
    auto fd = bound_socket(inside, endpoint(from, 0));
    sandbox::check("connect", ::connect(fd.get(), to.data(), static_cast<socklen_t>(to.size())));
    return fd;
}

inline sandbox::unique_fd accept_one(int listener) {
    if (!await_readable(listener)) sandbox::fail("wait for a connection", ETIMEDOUT);
    return sandbox::unique_fd(sandbox::check("accept", ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)));
}

}  // namespace firstfin::testing
