#pragma once

#include <functional>
#include <optional>
#include <string>

#include "harness/capture_reading/capture_source.hpp"
#include "harness/capture_reading/connection_table.hpp"

namespace firstfin::capture_reading {

/// What was read of a file.
struct capture_facts {
    std::string name;
    std::string link;
    std::uint64_t frames = 0;
    std::uint64_t segments = 0;  ///< TCP; the rest is something else, a fragment, or cut inside its headers
    std::string damage;          ///< why and where it ends before its end; empty: it does not
    bool interrupted = false;
};

/// Reads to the end, or to where the file cannot be read on. `each` gets the connections as they end; `go_on` is
/// asked now and then; "no" ends it as the file's end does. Throws bad_input when there is not a single frame before
/// the damage.
[[nodiscard]] capture_facts read_capture(capture_source& from, std::optional<std::uint16_t> server_port,
                                         const connection_table::on_finished& each, const std::function<bool()>& go_on);

}  // namespace firstfin::capture_reading
