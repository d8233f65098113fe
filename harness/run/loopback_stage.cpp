#include "harness/run/loopback_stage.hpp"

#include <algorithm>
#include <stdexcept>

namespace firstfin::run {

loopback_stage::loopback_stage(boost::asio::io_context& loop, unsigned address_pair, const options& what)
    : stage(what),
      loop_(loop),
      addresses_(address_pair),
      table_(sandbox::network_namespace::own()),
      overflow_(sandbox::network_namespace::own()) {
    for (unsigned index = 0; index < what.client_addresses; ++index)
        clients_.push_back(addresses_.client(index));
}

std::unique_ptr<role_process> loopback_stage::start_role(side which) {
    sandbox::child_options child;
    child.program = program_of(which);
    child.arguments = {"--role"};
    child.standard_input = sandbox::stream::pipe;
    child.standard_output = sandbox::stream::pipe;
    return std::make_unique<role_process>(loop_, sandbox::child_process::start(child), std::string(to_text(which)));
}

std::unique_ptr<program_process> loopback_stage::start_program(side, const program_order& what) {
    throw std::logic_error(what.name + ": no programs on loopback");
}

address loopback_stage::trial_address(std::uint64_t) const {
    throw std::logic_error("trials have no addresses on loopback");
}

witness::state_counts loopback_stage::count_states(side of) {
    witness::state_counts counts;
    table_.dump([&](const witness::socket_row& row) {
        const auto local = row.ends.local.address();
        const bool ours =
            of == side::server ? local == server_address() : std::ranges::find(clients_, local) != clients_.end();
        if (ours) counts.add(row.state);
    });
    return counts;
}

}  // namespace firstfin::run
