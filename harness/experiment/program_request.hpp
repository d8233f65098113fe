#pragma once

#include "harness/experiment/settings.hpp"
#include "harness/subjects/subject.hpp"

namespace firstfin::experiment {

/// What a cell's server program is asked for. `folder` is its scratch folder as it sees it.
[[nodiscard]] subjects::server_request server_request_of(const settings& cell, const std::string& folder,
                                                         std::uint16_t port);

/// What a cell's client program is asked for.
[[nodiscard]] subjects::client_request client_request_of(const settings& cell, const std::string& folder,
                                                         const std::string& host, std::uint16_t port);

}  // namespace firstfin::experiment
