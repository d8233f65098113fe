#pragma once

#include <boost/asio/io_context.hpp>

#include "harness/run/stage.hpp"
#include "harness/sandbox/pid_namespace.hpp"
#include "harness/sandbox/stage_network.hpp"
#include "harness/witness/sock_diag_counters.hpp"

namespace firstfin::run {

/// A pair of network namespaces with one link, one set of sysctls and a capture at the client's end. Members stand in
/// set-up order, so that unwinding is the teardown.
class namespace_stage : public stage {
public:
    /// `loop` and `processes` outlive it.
    namespace_stage(boost::asio::io_context& loop, const sandbox::pid_namespace& processes, const options& what);

    [[nodiscard]] std::unique_ptr<role_process> start_role(side which) override;
    [[nodiscard]] std::unique_ptr<program_process> start_program(side which, const program_order& what) override;
    [[nodiscard]] address server_address() const override;
    [[nodiscard]] address trial_address(std::uint64_t trial) const override;
    [[nodiscard]] std::vector<address> client_sources() const override;
    [[nodiscard]] witness::sock_diag& table(side of) override {
        return of == side::server ? server_table_ : client_table_;
    }
    [[nodiscard]] witness::state_counts count_states(side of) override { return table(of).count_states(); }
    [[nodiscard]] witness::capture* wire() override { return &capture_; }
    [[nodiscard]] std::uint64_t time_wait_overflow() const override {
        return server_overflow_.lost() + client_overflow_.lost();
    }
    [[nodiscard]] std::optional<std::string> link_trouble() override { return network_.link_trouble(); }

private:
    [[nodiscard]] sandbox::ip_family family() const;

    boost::asio::io_context& loop_;
    const sandbox::pid_namespace& processes_;
    sandbox::stage_network network_;
    witness::capture capture_;
    witness::sock_diag server_table_;
    witness::sock_diag client_table_;
    witness::overflow_counter server_overflow_;
    witness::overflow_counter client_overflow_;
};

}  // namespace firstfin::run
