#include "harness/sandbox/stage_network.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <vector>

#include "core/text_value.hpp"
#include "harness/sandbox/delayed_link.hpp"
#include "harness/sandbox/sysctl.hpp"

namespace firstfin::sandbox {

namespace {

void set_all(const network_namespace& inside, const std::map<std::string, std::string>& sysctls) {
    for (const auto& [name, value] : sysctls)
        set_sysctl(inside, name, value);
}

/// Where it cannot be changed (a read-only /proc/sys, an older kernel's user namespace), what there is may be enough.
void allow_time_wait_entries(const network_namespace& inside, unsigned wanted) {
    constexpr auto name = "net.ipv4.tcp_max_tw_buckets";
    try {
        set_sysctl(inside, name, std::to_string(wanted));
    } catch (const boost::system::system_error& refused) {
        const auto there = has_sysctl(inside, name) ? get_sysctl(inside, name) : "unknown";
        if (const auto limit = parse_whole_number(there); limit && *limit >= wanted) return;
        fail(fmt::format("{} is {} here, {} are needed: sweep fewer values at once, or use fewer replicates; {}", name,
                         there, wanted, refused.what()),
             refused.code().value());
    }
}

std::unique_ptr<link> make_link(const network_namespace& server, const network_namespace& client,
                                const stage_network_options& options) {
    if (options.link_delay == duration::zero()) return std::make_unique<veth_pair>(server, client);
    return std::make_unique<delayed_link>(server, client, options.link_delay, options.processes);
}

}  // namespace

stage_network::stage_network(const stage_network_options& options)
    : client_addresses_(options.client_addresses),
      addresses_(options.stage),
      ipv6_(has_sysctl(client_, "net.ipv6.conf.default.disable_ipv6")),
      link_(make_link(server_, client_, options)) {
    if (options.tcp_max_tw_buckets)
        for (const auto* side : {&server_, &client_})
            allow_time_wait_entries(*side, *options.tcp_max_tw_buckets);
    // After the link exists, so that its own settings (net.ipv4.conf.ff0...) can be among them.
    set_all(server_, options.server_sysctls);
    set_all(client_, options.client_sysctls);
    add_addresses();
    if (!options.addressed_trials.empty()) add_trial_addresses(options.addressed_trials);
}

boost::asio::ip::address stage_network::server_address(ip_family family) const {
    require(family);
    return addresses_.server(family);
}

boost::asio::ip::address stage_network::client_address(ip_family family, unsigned index) const {
    require(family);
    if (index >= client_addresses_)
        throw std::out_of_range(fmt::format("client address {}: this stage has {}", index, client_addresses_));
    return addresses_.client(family, index);
}

void stage_network::add_addresses() {
    for (const auto family : {ip_family::v4, ip_family::v6}) {
        if (!has(family)) continue;
        const unsigned prefix = stage_addresses::prefix(family);
        link_->add_address(link_side::server, addresses_.server(family), prefix);
        std::vector<boost::asio::ip::address> clients;
        for (unsigned i = 0; i < client_addresses_; ++i)
            clients.push_back(addresses_.client(family, i));
        link_->add_addresses(link_side::client, clients, prefix);
    }
}

void stage_network::add_trial_addresses(const std::vector<std::uint64_t>& trials) {
    for (const auto family : {ip_family::v4, ip_family::v6}) {
        if (!has(family)) continue;
        std::vector<boost::asio::ip::address> servers;
        for (const auto trial : trials)
            servers.push_back(stage_addresses::of_trial(family, trial));
        const unsigned prefix = stage_addresses::prefix_of_trials(family);
        link_->add_addresses(link_side::server, servers, prefix);
        link_->add_address(link_side::client, stage_addresses::client_of_trials(family), prefix);
    }
}

void stage_network::require(ip_family family) const {
    if (!has(family)) fail("use an IPv6 address on a kernel without IPv6", EAFNOSUPPORT);
}

}  // namespace firstfin::sandbox
