#pragma once

#include <vector>

#include "core/load_protocol.hpp"

namespace firstfin::load {

/// What is wrong with an order, in words; empty: nothing.
[[nodiscard]] std::string why_impossible(const order& what);

/// The order divided among its threads: connections as evenly as they go, the rate by the connections. No more threads
/// than connections.
[[nodiscard]] std::vector<order> shares_of(const order& what);

}  // namespace firstfin::load
