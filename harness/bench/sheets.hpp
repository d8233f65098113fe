#pragma once

#include <string>
#include <vector>

#include "harness/bench/result.hpp"
#include "harness/report/table.hpp"

namespace firstfin::bench {

/// A table as texts, for whoever prints it.
struct sheet {
    std::string title;
    std::vector<report::table::column> columns;
    std::vector<std::vector<std::string>> rows;
};

/// Speed, latency, connections: a row a case. What cannot be known is "?"; what does not apply is "-".
[[nodiscard]] std::vector<sheet> sheets_of(const bench_run& run);

/// Sentences below the tables: errors, who closed first and by which witness, and what is to be discarded.
[[nodiscard]] std::vector<std::string> notes_of(const bench_run& run);

}  // namespace firstfin::bench
