#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/experiment/plan.hpp"
#include "harness/run/role_process.hpp"
#include "harness/sandbox/pid_namespace.hpp"
#include "harness/sandbox/stage_network.hpp"
#include "harness/witness/capture.hpp"
#include "harness/witness/sock_diag.hpp"
#include "harness/witness/sock_diag_counters.hpp"

namespace firstfin::run {

/// A pair of namespaces with one link and one set of sysctls, the role processes in it, and the witnesses that watch
/// it. Members stand in set-up order, so that unwinding is the teardown; destroying a stage ends every process in it.
class stage {
public:
    struct options {
        unsigned number = 0;  ///< unique among all stages that run at once: it decides the addresses
        experiment::stage_key key;
        std::size_t trials = 0;
        unsigned client_addresses = 1;
        std::string server_program;
        std::string client_program;
    };

    stage(boost::asio::io_context& loop, const sandbox::pid_namespace& processes, const options& what);

    /// Forks a role program inside its namespace.
    [[nodiscard]] std::unique_ptr<role_process> start_role(side which);

    [[nodiscard]] address server_address() const;
    [[nodiscard]] address client_address(unsigned index) const;
    [[nodiscard]] unsigned client_addresses() const { return options_.client_addresses; }
    [[nodiscard]] unsigned number() const { return options_.number; }

    [[nodiscard]] witness::sock_diag& table(side of) { return of == side::server ? server_table_ : client_table_; }
    [[nodiscard]] witness::capture& wire() { return capture_; }
    /// TIME_WAIT entries the kernel refused on either side since the start.
    [[nodiscard]] std::uint64_t time_wait_overflow() const { return server_overflow_.lost() + client_overflow_.lost(); }

private:
    [[nodiscard]] sandbox::ip_family family() const;

    boost::asio::io_context& loop_;
    const sandbox::pid_namespace& processes_;
    options options_;
    sandbox::stage_network network_;
    witness::capture capture_;
    witness::sock_diag server_table_;
    witness::sock_diag client_table_;
    witness::overflow_counter server_overflow_;
    witness::overflow_counter client_overflow_;
};

}  // namespace firstfin::run
