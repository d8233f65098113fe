#pragma once

#include <span>

#include "harness/sandbox/rtnetlink.hpp"

namespace firstfin::sandbox {

enum class link_side { server, client };

/// Two namespaces joined by a cable: up, and carrying traffic once constructed. The wire holds what a real one would:
/// segments of at most the MTU with true checksums, and nothing but the traffic under test. There is nothing to undo:
/// the pair goes with either namespace.
class veth_pair {
public:
    using address = boost::asio::ip::address;
    static constexpr const char* interface_name = "ff0";  // in both namespaces

    veth_pair(const network_namespace& server, const network_namespace& client);

    /// Usable when the call returns. Any number of addresses a side.
    void add_address(link_side side, const address& added, unsigned prefix) {
        add_addresses(side, {&added, 1}, prefix);
    }
    void add_addresses(link_side side, std::span<const address> added, unsigned prefix);

private:
    struct end {
        rtnetlink control;
        unsigned index = 0;
    };
    end server_;
    end client_;
};

}  // namespace firstfin::sandbox
