#pragma once

#include <string>

#include "harness/capture_reading/read_capture.hpp"
#include "harness/capture_reading/summary.hpp"
#include "harness/report/text_options.hpp"

namespace firstfin::capture_reading {

/// "Of 1,204 connections on port 80, the server closed 1,180 first (98.0 %), idle 65.0 s median; 3 requests were lost."
[[nodiscard]] std::string sentence(const summary& read);

/// For a person: the sentence, the servers, the connections, and what to be careful about.
[[nodiscard]] std::string text_report(const capture_facts& facts, const summary& read,
                                      const report::text_options& options);

}  // namespace firstfin::capture_reading
