#pragma once

#include "harness/bench/result.hpp"
#include "harness/run/program_orders.hpp"

namespace firstfin::bench {

/// How the target's server is started: one process or worker, every connection kept as long as the client likes, a
/// small answer. `builtin` is the path of firstfin-server. Throws environment_lacks, with the remedy, where nginx is
/// not here.
[[nodiscard]] run::program_order server_order(target_kind which, const std::string& builtin, const endpoint& where);

}  // namespace firstfin::bench
