#pragma once

#include <functional>

#include "harness/sandbox/system_call.hpp"
#include "harness/states/census.hpp"

namespace firstfin::states {

/// Lists the TCP sockets of the network namespace it was opened in, IPv4 and IPv6, without any privilege. Not a
/// snapshot: the kernel walks its table in pieces, and a socket that changes meanwhile may be missed or seen twice.
class socket_listing {
public:
    /// In the namespace this thread is in now.
    socket_listing();

    /// Throws environment_lacks where the kernel cannot list TCP sockets. `visit` must not throw.
    void for_each(const std::function<void(const counted_socket&)>& visit);

private:
    using visitor = std::function<void(const counted_socket&)>;
    /// The error number the kernel answered; 0 when all were visited.
    int list_both_families(const visitor& visit);
    int list_family(int family, const visitor& visit);
    int receive(const visitor& visit);

    sandbox::unique_fd socket_;
    std::vector<char> buffer_;
    unsigned sequence_ = 0;
};

}  // namespace firstfin::states
