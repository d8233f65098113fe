#pragma once

#include <filesystem>
#include <vector>

#include "server/listen_request.hpp"

namespace firstfin {

/// Reads [[listen]] tables: `address`, optionally `profile`, and any setting of a server policy. Throws bad_input with
/// one line for every mistake, each as "file:line:column: what was expected".
[[nodiscard]] std::vector<listen_request> read_config_file(const std::filesystem::path& file);

}  // namespace firstfin
