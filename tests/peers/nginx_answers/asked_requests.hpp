#pragma once

#include <string>
#include <vector>

namespace firstfin::test {

struct asked_request {
    std::string name;
    std::string bytes;
};

/// For the server of site_files.hpp: one request each, or one and what must not be answered behind it.
[[nodiscard]] std::vector<asked_request> asked_requests();

}  // namespace firstfin::test
