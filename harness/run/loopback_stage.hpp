#pragma once

#include <boost/asio/io_context.hpp>

#include "harness/run/stage.hpp"
#include "harness/sandbox/loopback_addresses.hpp"
#include "harness/witness/sock_diag_counters.hpp"

namespace firstfin::run {

/// Two addresses of 127/8 in the network this process is in, for a user without any privilege: no capture, no sysctls
/// of its own, and both ends of a connection in one table that other programs use too. The role programs die with the
/// harness (PDEATHSIG); that is enough for the built-in ones, which start no processes.
class loopback_stage : public stage {
public:
    /// `loop` outlives it.
    loopback_stage(boost::asio::io_context& loop, unsigned address_pair, const options& what);

    [[nodiscard]] std::unique_ptr<role_process> start_role(side which) override;
    /// Throws: check_loopback refuses such a plan, because its port may be taken on this host.
    [[nodiscard]] std::unique_ptr<program_process> start_program(side which, const program_order& what) override;
    [[nodiscard]] address server_address() const override { return addresses_.server(); }
    /// Throws: there are none.
    [[nodiscard]] address trial_address(std::uint64_t trial) const override;
    /// Always: for a target in 127/8 the kernel would pick 127.0.0.1.
    [[nodiscard]] std::vector<address> client_sources() const override { return clients_; }
    /// One table: which end is meant, the order of addresses in the question says.
    [[nodiscard]] witness::sock_diag& table(side) override { return table_; }
    [[nodiscard]] witness::state_counts count_states(side of) override;
    [[nodiscard]] witness::capture* wire() override { return nullptr; }
    /// Of the whole host: an overflow by another program's connections spoils our table just as well.
    [[nodiscard]] std::uint64_t time_wait_overflow() const override { return overflow_.lost(); }

private:
    boost::asio::io_context& loop_;
    sandbox::loopback_addresses addresses_;
    std::vector<address> clients_;
    witness::sock_diag table_;
    witness::overflow_counter overflow_;
};

}  // namespace firstfin::run
