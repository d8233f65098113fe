#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "harness/experiment/plan.hpp"

namespace firstfin::run {

/// What a plan will use, and what there is. Figures are upper bounds from measured runs, not promises.
struct needs {
    std::uint64_t trials = 0;
    std::size_t trials_per_pair = 0;  ///< what one process's descriptors allow
    std::size_t process_pairs = 0;
    std::uint64_t descriptors = 0;  ///< of the busiest process
    std::uint64_t memory = 0;       ///< bytes, kernel sockets included
    std::uint64_t memory_available = 0;
};

/// Trials of all `plans` go at once. `descriptor_limit` is the hard limit a process can raise itself to.
[[nodiscard]] needs needs_of(const std::vector<experiment::plan>& plans, std::uint64_t descriptor_limit,
                             std::uint64_t memory_available);

/// Throws environment_lacks with both numbers when the plan is beyond this machine.
void check_needs(const needs& what);

/// Tries the plan's sysctls in a namespace that is thrown away. Throws bad_input for a name or value the kernel
/// refuses, environment_lacks for one that only root may set.
void check_sysctls(const experiment::plan& what);

/// Throws environment_lacks, with the remedy, when the plan delays a link and this machine has no TAP interfaces.
void check_links(const experiment::plan& what);

/// Throws environment_lacks, naming every program that the plan needs and that is not here, and the packages.
void check_programs(const experiment::plan& what);

/// Client programs of one kind in a plan: they start one after the other, as many at once as there is memory for.
struct program_wave {
    std::string name;
    std::uint64_t trials = 0;
    std::uint64_t at_once = 0;
    duration spacing{};
    duration expected{};  ///< from the first start to the last end
};
/// `memory`: what they may take together.
[[nodiscard]] std::vector<program_wave> waves_of(const experiment::plan& what, std::uint64_t memory);
/// From the start to the last trial's end, client programs included.
[[nodiscard]] duration expected_wall(const experiment::plan& what, std::uint64_t memory);
/// What client programs may take of what there is: some is left for servers, files in memory and everybody else.
[[nodiscard]] std::uint64_t memory_for_programs();

/// The network at hand, as far as a run on loopback depends on it.
struct host_network {
    std::uint64_t time_wait_limit = 0;    ///< net.ipv4.tcp_max_tw_buckets
    std::uint64_t time_wait_entries = 0;  ///< there already
};
[[nodiscard]] host_network this_network();

/// Throws bad_input for what loopback cannot do (sysctls, IPv6, a delayed link, server.config), environment_lacks, with
/// the numbers, when the trials' TIME_WAIT entries would not fit into the host's table.
void check_loopback(const std::vector<experiment::plan>& plans, const host_network& host);

/// MemAvailable, bytes.
[[nodiscard]] std::uint64_t available_memory();

}  // namespace firstfin::run
