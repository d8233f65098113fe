#pragma once

#include <cstdint>
#include <vector>

#include "core/role_protocol.hpp"
#include "harness/experiment/plan.hpp"

// What the two processes of a pair are told: pure functions from trials to orders.

namespace firstfin::run {

/// A trial that a process pair is to run.
struct assigned_trial {
    std::uint64_t key = 0;  ///< the job's number of the trial
    const experiment::cell* cell = nullptr;
    experiment::draws draws;
};

/// A server order, and which of its listeners each trial talks to.
struct server_assignment {
    role::server_order order;
    std::vector<std::uint32_t> listener_of_trial;
};

/// One listener a distinct policy. A server's close window becomes a drawn limit here, so that its draw too comes from
/// (seed, cell, trial) and not from the order in which connections happen to arrive.
[[nodiscard]] server_assignment assign_servers(const std::vector<assigned_trial>& trials, const address& server);

/// `ports` by listener, as the server reported them. More than a port range of trials on one listener are spread over
/// `sources`, the client's addresses; none: the kernel chooses.
[[nodiscard]] role::client_order make_client_order(const std::vector<assigned_trial>& trials,
                                                   const server_assignment& servers,
                                                   const std::vector<std::uint16_t>& ports, const address& server,
                                                   const std::vector<address>& sources, double time_scale);

/// Client addresses needed so that no listener sees more connections from one address than there are ephemeral ports.
[[nodiscard]] unsigned client_addresses_needed(const std::vector<assigned_trial>& trials);

}  // namespace firstfin::run
