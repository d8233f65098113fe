#include "harness/run/stage.hpp"

namespace firstfin::run {

namespace {

sandbox::stage_network_options network_options(const stage::options& what) {
    sandbox::stage_network_options out;
    out.stage = what.number;
    out.client_addresses = what.client_addresses;
    out.server_sysctls = what.key.server_sysctls;
    out.client_sysctls = what.key.client_sysctls;
    // A small machine's default of a few thousand overflows silently; twice the trials cannot.
    out.tcp_max_tw_buckets = static_cast<unsigned>(std::max<std::size_t>(4096, 2 * what.trials));
    return out;
}

}  // namespace

stage::stage(boost::asio::io_context& loop, const sandbox::pid_namespace& processes, const options& what)
    : loop_(loop),
      processes_(processes),
      options_(what),
      network_(network_options(what)),
      capture_(network_.client_ns(), network_.client_interface(), endpoint(network_.server_address(family()), 9)),
      server_table_(network_.server_ns()),
      client_table_(network_.client_ns()),
      server_overflow_(network_.server_ns()),
      client_overflow_(network_.client_ns()) {}

sandbox::ip_family stage::family() const {
    return options_.key.family == experiment::ip_family::ipv4 ? sandbox::ip_family::v4 : sandbox::ip_family::v6;
}

address stage::server_address() const {
    return network_.server_address(family());
}
address stage::client_address(unsigned index) const {
    return network_.client_address(family(), index);
}

std::unique_ptr<role_process> stage::start_role(side which) {
    sandbox::child_options child;
    child.program = which == side::server ? options_.server_program : options_.client_program;
    child.arguments = {"--role"};
    child.network = which == side::server ? &network_.server_ns() : &network_.client_ns();
    child.processes = &processes_;
    child.standard_input = sandbox::stream::pipe;
    child.standard_output = sandbox::stream::pipe;
    return std::make_unique<role_process>(loop_, sandbox::child_process::start(child), std::string(to_text(which)));
}

}  // namespace firstfin::run
