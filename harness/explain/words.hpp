#pragma once

#include <string>

#include "harness/verdict/verdict.hpp"
#include "harness/witness/timeline.hpp"

// What the picture calls things.

namespace firstfin::explain {

/// "0.062 ms", "999.999 ms", "65.001234 s": microseconds, whatever the size.
[[nodiscard]] std::string moment_text(duration value);

/// "FIN,ACK"; "no flags" for none.
[[nodiscard]] std::string flag_names(std::uint8_t flags);
/// The flags as they stand in the header, 12 bits wide: "0x011".
[[nodiscard]] std::string flag_number(std::uint8_t flags);

/// "close: idle_deadline, was in ESTABLISHED, 0.123 ms late"
[[nodiscard]] std::string event_text(const witness::subject_event& one);

/// "the first FIN was the server's; TIME_WAIT is at the server; ending orderly; ..."
[[nodiscard]] std::string verdict_text(const verdict& one);

/// "server or both"
[[nodiscard]] std::string possible_text(const evidence& one);

}  // namespace firstfin::explain
