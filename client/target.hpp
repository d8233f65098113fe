#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/endpoint.hpp"

namespace firstfin::client {

/// What a URL says of a server and of the thing to ask it for.
struct target {
    std::string host;  ///< name or address, without brackets
    std::uint16_t port = 80;
    std::string authority;  ///< as written: the Host field
    std::string path = "/";

    friend bool operator==(const target&, const target&) = default;
};

[[nodiscard]] result<target> parse_target(std::string_view url);

/// The addresses of a target in the resolver's order. Throws bad_input when there are none.
[[nodiscard]] std::vector<endpoint> resolve(const target& where);

}  // namespace firstfin::client
