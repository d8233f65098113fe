#pragma once

#include <string>
#include <string_view>

#include "server/nginx/answers/site.hpp"

namespace firstfin::test {

/// The bytes that a site sends for these, up to its close: what a worker does without its socket. Writes the logs.
[[nodiscard]] std::string answered_here(const nginx::site& site, std::string_view bytes);

}  // namespace firstfin::test
