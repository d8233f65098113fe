#pragma once

#include <string>
#include <vector>

namespace firstfin::test {

/// Everything that one connection sends.
struct raw_request {
    std::string name;
    std::string bytes;
};

[[nodiscard]] std::vector<raw_request> raw_requests();

}  // namespace firstfin::test
