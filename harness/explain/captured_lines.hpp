#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/explain/message_line.hpp"
#include "harness/witness/timeline.hpp"

namespace firstfin::explain {

/// capture.pcap of a run's folder, and capture-2.pcap and so on of its resumed executions; none when it is gone.
[[nodiscard]] std::vector<std::filesystem::path> captures_of(const std::filesystem::path& folder);

struct captured_lines {
    std::vector<message_line> of_segments;  ///< place by place
    std::vector<std::string> troubles;      ///< files that could not be read: a writer killed early leaves an empty one
};

/// What each segment of `seen` begins with, read from the run's captures. A frame belongs to a segment when 4-tuple,
/// sequence and acknowledgment number, length and flags are the same: with initial numbers drawn from 2^32 that is
/// sharper than the time, whose distance to the capture's wall clock a run does not keep.
[[nodiscard]] captured_lines read_captured_lines(const std::vector<std::filesystem::path>& captures,
                                                 const witness::timeline& seen);

}  // namespace firstfin::explain
