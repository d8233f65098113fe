#pragma once

#include <span>
#include <string_view>

#include "harness/subjects/subject.hpp"

namespace firstfin::subjects {

/// All adapters, by id. The lists are made by CMake from the files in servers/ and clients/: x_y.cpp defines
/// `server_subject x_y()`.
[[nodiscard]] std::span<const server_subject> all_servers();
[[nodiscard]] std::span<const client_subject> all_clients();

/// Throws bad_input with the nearest name.
[[nodiscard]] const server_subject& find_server(std::string_view id);
[[nodiscard]] const client_subject& find_client(std::string_view id);

}  // namespace firstfin::subjects
