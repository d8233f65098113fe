#pragma once

#include <vector>

#include "tests/peers/nginx_requests/raw_requests.hpp"

namespace firstfin::test {

/// `count` offspring of the raw requests, with bytes changed, cut out, doubled and put in. The same seed gives the
/// same.
[[nodiscard]] std::vector<raw_request> mutated_requests(std::size_t count, unsigned seed);

}  // namespace firstfin::test
