#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>

namespace firstfin::sandbox {

enum class ip_family { v4, v6 };

/// Who has which address on stage number S: 10.(64 + S/250).(S mod 250).0/24 and fd00:ff:S::/64, the server at .1,
/// clients from .2 on. Stages cannot reach each other; they differ so that a capture tells which stage it is from.
class stage_addresses {
public:
    static constexpr unsigned max_stage = 47'999;
    static constexpr unsigned max_clients = 253;
    static constexpr unsigned max_trials = 1'000'000;

    /// Throws std::out_of_range for a number above max_stage.
    explicit stage_addresses(unsigned stage);

    [[nodiscard]] boost::asio::ip::address server(ip_family family) const;
    /// Throws std::out_of_range from max_clients on.
    [[nodiscard]] boost::asio::ip::address client(ip_family family, unsigned index) const;
    [[nodiscard]] static unsigned prefix(ip_family family);

    /// Server addresses of trials, for clients that choose neither their address nor their port: whom a connection goes
    /// to tells whose it is. 172.16.0.0/12 and fd00:fe::/64, the same on every stage; the client there is the last one.
    /// Throws std::out_of_range from max_trials on.
    [[nodiscard]] static boost::asio::ip::address of_trial(ip_family family, std::uint64_t trial);
    [[nodiscard]] static boost::asio::ip::address client_of_trials(ip_family family);
    [[nodiscard]] static unsigned prefix_of_trials(ip_family family);

private:
    [[nodiscard]] boost::asio::ip::address host(ip_family family, unsigned number) const;

    unsigned stage_;
};

}  // namespace firstfin::sandbox
