#include "harness/bench/bench_markdown.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/bench/conclusion.hpp"
#include "harness/bench/sheets.hpp"
#include "harness/report/terminal_text.hpp"

namespace firstfin::bench {

namespace {

std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string line_of(const std::vector<std::string>& cells) {
    return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

std::string table_of(const sheet& from) {
    std::vector<std::string> headings;
    std::vector<std::string> sides;
    for (const auto& each : from.columns) {
        headings.push_back(cell(each.heading));
        sides.emplace_back(each.side == report::align::right ? "---:" : "---");
    }
    auto out = line_of(headings) + line_of(sides);
    for (const auto& row : from.rows) {
        std::vector<std::string> cells;
        for (const auto& text : row)
            cells.push_back(cell(text));
        out += line_of(cells);
    }
    return out;
}

}  // namespace

std::string as_markdown(const bench_run& run) {
    std::string out = fmt::format("`{}`, {}\n\n", report::shown(run.command), run.started);
    out += report::shown(what_reuse_buys(run)) + " " + report::shown(what_runs_out(run)) + "\n\n";
    for (const auto& each : sheets_of(run))
        out += fmt::format("{}\n\n{}\n", each.title, table_of(each));
    for (const auto& each : notes_of(run))
        out += "- " + each + "\n";
    if (!run.complete) out += "- Not complete: it was interrupted.\n";
    out += "\nEnvironment: ";
    std::vector<std::string> facts;
    for (const auto& [name, value] : run.environment)
        facts.push_back(fmt::format("{} {}", name, report::shown(value)));
    return out + fmt::format("{}\n", fmt::join(facts, "; "));
}

}  // namespace firstfin::bench
