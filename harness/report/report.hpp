#pragma once

#include <cstdint>
#include <iosfwd>

#include "harness/report/text_options.hpp"
#include "harness/store/run_db.hpp"

namespace firstfin::report {

enum class format : std::uint8_t { text, csv, json, jsonl };

/// Reads the run and prints it. Only jsonl reads timelines, and it streams. Throws when `out` takes no more.
void write_report(std::ostream& out, const store::run_db& run, format as, const text_options& options = {});

}  // namespace firstfin::report

namespace firstfin {
template <>
inline constexpr std::array names_of<report::format> = {
    enum_name<report::format>{report::format::text, "text"}, enum_name<report::format>{report::format::csv, "csv"},
    enum_name<report::format>{report::format::json, "json"}, enum_name<report::format>{report::format::jsonl, "jsonl"}};
}  // namespace firstfin
