#pragma once

namespace firstfin::client {

/// The client as the harness uses it: an order on standard input, events on standard output (core/role_protocol.hpp).
/// Answers with the exit code.
[[nodiscard]] int play_role();

}  // namespace firstfin::client
