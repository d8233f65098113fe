#include "harness/run/namespace_stage.hpp"

namespace firstfin::run {

namespace {

sandbox::stage_network_options network_options(const stage::options& what, const sandbox::pid_namespace& processes) {
    sandbox::stage_network_options out;
    out.stage = what.number;
    out.client_addresses = what.client_addresses;
    out.addressed_trials = what.addressed_trials;
    out.link_delay = what.key.link_delay;
    out.processes = &processes;
    out.server_sysctls = what.key.server_sysctls;
    out.client_sysctls = what.key.client_sysctls;
    // A small machine's default of a few thousand overflows silently; twice the trials cannot.
    out.tcp_max_tw_buckets = static_cast<unsigned>(std::max<std::size_t>(4096, 2 * what.trials));
    return out;
}

}  // namespace

namespace_stage::namespace_stage(boost::asio::io_context& loop, const sandbox::pid_namespace& processes,
                                 const options& what)
    : stage(what),
      loop_(loop),
      processes_(processes),
      network_(network_options(what, processes)),
      capture_(network_.client_ns(), network_.client_interface(), endpoint(network_.server_address(family()), 9)),
      server_table_(network_.server_ns()),
      client_table_(network_.client_ns()),
      server_overflow_(network_.server_ns()),
      client_overflow_(network_.client_ns()) {}

sandbox::ip_family namespace_stage::family() const {
    return what().key.family == experiment::ip_family::ipv4 ? sandbox::ip_family::v4 : sandbox::ip_family::v6;
}

address namespace_stage::server_address() const {
    return network_.server_address(family());
}

std::vector<address> namespace_stage::client_sources() const {
    std::vector<address> out;
    // One address needs no choice, and an explicit bind costs a system call a connection.
    for (unsigned index = 0; what().client_addresses > 1 && index < what().client_addresses; ++index)
        out.push_back(network_.client_address(family(), index));
    return out;
}

std::unique_ptr<role_process> namespace_stage::start_role(side which) {
    sandbox::child_options child;
    child.program = program_of(which);
    child.arguments = {"--role"};
    child.network = which == side::server ? &network_.server_ns() : &network_.client_ns();
    child.processes = &processes_;
    child.standard_input = sandbox::stream::pipe;
    child.standard_output = sandbox::stream::pipe;
    return std::make_unique<role_process>(loop_, sandbox::child_process::start(child), std::string(to_text(which)));
}

std::unique_ptr<program_process> namespace_stage::start_program(side which, const program_order& what) {
    return std::make_unique<program_process>(loop_, what,
                                             which == side::server ? network_.server_ns() : network_.client_ns());
}

address namespace_stage::trial_address(std::uint64_t trial) const {
    return sandbox::stage_addresses::of_trial(family(), trial);
}

}  // namespace firstfin::run
