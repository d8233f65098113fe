#pragma once

#include <libmnl/libmnl.h>

#include <memory>
#include <span>

#include "harness/sandbox/network_namespace.hpp"

namespace firstfin::sandbox {

/// A netlink socket opened inside a namespace: it sees and changes that namespace alone, whichever thread uses it.
class netlink_socket {
public:
    /// `bus` is NETLINK_ROUTE, NETLINK_SOCK_DIAG...
    netlink_socket(const network_namespace& inside, int bus);

    [[nodiscard]] int fd() const noexcept;
    [[nodiscard]] unsigned next_sequence() noexcept { return ++sequence_; }

    /// One or several requests that lie one behind the other.
    void send(std::string_view attempt, std::span<const char> requests);

    /// What is there. The kernel answers a request while it is being sent, so nothing there is an error.
    [[nodiscard]] std::span<const char> receive(std::string_view attempt, std::span<char> buffer);

private:
    struct closer {
        void operator()(mnl_socket* socket) const noexcept { ::mnl_socket_close(socket); }
    };
    std::unique_ptr<mnl_socket, closer> socket_;
    unsigned sequence_ = 0;
};

}  // namespace firstfin::sandbox
