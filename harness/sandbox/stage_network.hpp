#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/duration.hpp"
#include "harness/sandbox/link.hpp"
#include "harness/sandbox/network_namespace.hpp"
#include "harness/sandbox/pid_namespace.hpp"
#include "harness/sandbox/stage_addresses.hpp"

namespace firstfin::sandbox {

struct stage_network_options {
    unsigned stage = 0;
    unsigned client_addresses = 1;
    /// Each gets an address of the server's own, stage_addresses::of_trial().
    std::vector<std::uint64_t> addressed_trials = {};
    std::map<std::string, std::string> server_sysctls = {};
    std::map<std::string, std::string> client_sysctls = {};
    /// For both sides. A table that overflows loses TIME_WAIT entries silently: twice the trials is safe. The sysctl
    /// maps win.
    std::optional<unsigned> tcp_max_tw_buckets = {};
    duration link_delay = {};                  ///< one way, in each direction; zero: a plain veth
    const pid_namespace* processes = nullptr;  ///< for what a link needs to run; outlives the stage
};

/// The network of one stage: two namespaces, the link between them, addresses and sysctls.
class stage_network {
public:
    explicit stage_network(const stage_network_options& options);

    [[nodiscard]] const network_namespace& server_ns() const noexcept { return server_; }
    [[nodiscard]] const network_namespace& client_ns() const noexcept { return client_; }
    [[nodiscard]] boost::asio::ip::address server_address(ip_family family) const;
    /// `index` below the number of client addresses asked for.
    [[nodiscard]] boost::asio::ip::address client_address(ip_family family, unsigned index = 0) const;
    /// Where to capture: at the client's end.
    [[nodiscard]] static std::string client_interface() { return link::interface_name; }
    /// False on a kernel booted without IPv6; asking for such an address throws.
    [[nodiscard]] bool has(ip_family family) const noexcept { return family == ip_family::v4 || ipv6_; }
    /// What keeps the link's traffic from being evidence, in words.
    [[nodiscard]] std::optional<std::string> link_trouble() { return link_->trouble(); }

private:
    void add_addresses();
    void add_trial_addresses(const std::vector<std::uint64_t>& trials);
    void require(ip_family family) const;

    unsigned client_addresses_;
    stage_addresses addresses_;
    network_namespace server_ = network_namespace::create();
    network_namespace client_ = network_namespace::create();
    bool ipv6_;
    std::unique_ptr<link> link_;
};

}  // namespace firstfin::sandbox
