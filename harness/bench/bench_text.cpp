#include "harness/bench/bench_text.hpp"

#include "harness/bench/conclusion.hpp"
#include "harness/bench/sheets.hpp"
#include "harness/report/terminal_text.hpp"

namespace firstfin::bench {

std::string as_text(const bench_run& run, std::size_t width) {
    std::string out;
    for (const auto& each : sheets_of(run)) {
        report::table table(each.columns);
        for (const auto& row : each.rows)
            table.add_row(row);
        out += report::paragraph(each.title, width) + "\n" + table.text(width) + "\n";
    }
    for (const auto& each : notes_of(run))
        out += report::paragraph(each, width, 2);
    if (!run.complete) out += report::paragraph("Not complete: it was interrupted.", width);
    out += "\n" + report::paragraph(what_reuse_buys(run), width) + report::paragraph(what_runs_out(run), width);
    return out;
}

}  // namespace firstfin::bench
