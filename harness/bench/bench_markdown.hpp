#pragma once

#include <string>

#include "harness/bench/result.hpp"

namespace firstfin::bench {

/// The same as as_text() for a document: tables of GitHub's Markdown, with the command and the environment.
[[nodiscard]] std::string as_markdown(const bench_run& run);

}  // namespace firstfin::bench
