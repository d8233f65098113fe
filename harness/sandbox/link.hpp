#pragma once

#include <optional>
#include <span>
#include <string>

#include "harness/sandbox/rtnetlink.hpp"

namespace firstfin::sandbox {

enum class link_side { server, client };

/// What joins the two namespaces of a stage: up, and carrying traffic once constructed. The wire holds what a real one
/// would: segments of at most the MTU with true checksums, and nothing but the traffic under test. Both ends have the
/// same name and the same Ethernet addresses whatever the link is made of.
class link {
public:
    using address = boost::asio::ip::address;
    static constexpr const char* interface_name = "ff0";  // in both namespaces

    virtual ~link() = default;
    link(const link&) = delete;
    link& operator=(const link&) = delete;

    /// Usable when the call returns. Any number of addresses a side.
    void add_address(link_side side, const address& added, unsigned prefix) {
        add_addresses(side, {&added, 1}, prefix);
    }
    void add_addresses(link_side side, std::span<const address> added, unsigned prefix);

    /// In words, when the link did not carry everything: what was seen on it is no evidence then.
    [[nodiscard]] virtual std::optional<std::string> trouble() { return std::nullopt; }

protected:
    static constexpr rtnetlink::mac_address server_mac{0x02, 0, 0, 0, 0, 0x01};
    static constexpr rtnetlink::mac_address client_mac{0x02, 0, 0, 0, 0, 0x02};

    struct end {
        rtnetlink control;
        unsigned index = 0;
    };

    /// Prepares both namespaces for interfaces to come.
    link(const network_namespace& server, const network_namespace& client);

    /// Finds the interfaces and brings them up.
    void bring_up(const network_namespace& server, const network_namespace& client);

    end server_;
    end client_;
};

/// A cable without length. There is nothing to undo: the pair goes with either namespace.
class veth_pair : public link {
public:
    veth_pair(const network_namespace& server, const network_namespace& client);
};

}  // namespace firstfin::sandbox
