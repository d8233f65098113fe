#include "harness/report/report.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <ostream>
#include <system_error>
#include <unordered_map>

#include "harness/report/csv.hpp"
#include "harness/report/json.hpp"
#include "harness/report/summary.hpp"
#include "harness/report/text.hpp"

namespace firstfin::report {

namespace {

void put(std::ostream& out, std::string_view text) {
    errno = 0;
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!out) throw std::system_error(errno == 0 ? EIO : errno, std::generic_category(), "cannot write the report");
}

void write_trials(std::ostream& out, const store::run_db& run) {
    std::unordered_map<std::string, store::text_pairs> params;
    for (auto& cell : run.cells())
        params.emplace(std::move(cell.id), std::move(cell.params));
    run.for_each_trial(
        [&](const store::trial_record& trial) { put(out, to_json_line(trial, params.at(trial.cell)) + "\n"); });
}

}  // namespace

void write_report(std::ostream& out, const store::run_db& run, format as, const text_options& options) {
    switch (as) {
        case format::text:
            put(out, to_text(summarise(run), options));
            break;
        case format::csv:
            put(out, to_csv(summarise(run)));
            break;
        case format::json:
            put(out, to_json(summarise(run)));
            break;
        case format::jsonl:
            write_trials(out, run);
            break;
    }
    out.flush();
    put(out, {});
}

}  // namespace firstfin::report
