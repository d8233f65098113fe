#pragma once

#include <iosfwd>
#include <string>

#include "harness/capture_reading/read_capture.hpp"
#include "harness/capture_reading/summary.hpp"

// Schema 1. Times are seconds with nanoseconds; what cannot be known is null in JSON and empty in CSV.

namespace firstfin::capture_reading {

/// One connection as a JSON object, without a line break at the end.
[[nodiscard]] std::string to_json(const connection_record& one);

/// Facts, counts, servers, and the listed connections, one a line.
void write_json(std::ostream& out, const capture_facts& facts, const summary& read);

[[nodiscard]] std::string csv_heading();
[[nodiscard]] std::string csv_line(const connection_record& one);

}  // namespace firstfin::capture_reading
