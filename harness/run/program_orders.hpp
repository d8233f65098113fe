#pragma once

#include "harness/experiment/plan.hpp"
#include "harness/run/program_process.hpp"

// Which program is started how: values from values, apart from looking where the programs are.

namespace firstfin::run {

/// Server programs have a network of their own: any port is free.
inline constexpr std::uint16_t program_port = 8080;

/// firstfin-server, at `path`, with an nginx configuration.
[[nodiscard]] program_order order_of(const experiment::nginx_server& what, const std::string& path);

/// The cell's server program. Throws environment_lacks, with the remedy, when it is not here.
[[nodiscard]] program_order server_order_of(const experiment::settings& cell);

/// The cell's client program; `built` goes into its scratch folder.
[[nodiscard]] program_order client_order_of(const experiment::settings& cell, const endpoint& server,
                                            const std::optional<subjects::scratch_file>& built);

}  // namespace firstfin::run
