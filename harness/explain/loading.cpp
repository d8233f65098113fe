#include "harness/explain/loading.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

#include "harness/explain/captured_lines.hpp"
#include "harness/explain/predicted_why.hpp"
#include "harness/report/parameter_columns.hpp"
#include "harness/report/summary.hpp"
#include "harness/report/table.hpp"
#include "harness/report/terminal_text.hpp"
#include "harness/store/json_text.hpp"
#include "harness/store/record_json.hpp"

namespace firstfin::explain {

namespace {

std::uint32_t chosen_trial(const store::run_db& run, std::size_t place, std::optional<std::uint32_t> wanted) {
    std::vector<std::uint32_t> there;
    std::optional<std::uint32_t> conflict;
    run.for_each_result([&](const store::trial_result& one) {
        if (one.cell != place) return;
        there.push_back(one.number);
        if (!one.verdict.conflict.empty() && !conflict) conflict = one.number;
    });
    if (there.empty()) throw bad_input("this cell has no trial yet: --resume runs it");
    if (!wanted) return conflict.value_or(there.front());
    if (std::ranges::find(there, *wanted) != there.end()) return *wanted;
    constexpr std::size_t named = 20;
    const bool more = there.size() > named;
    if (more) there.resize(named);
    throw bad_input(fmt::format("this cell has no trial {}: there {} {}{}", *wanted, there.size() == 1 ? "is" : "are",
                                fmt::join(there, ", "), more ? ", ..." : ""));
}

/// A run can be read where firstfin's own files are not: then the reason stays out.
std::string why(const store::cell_record& cell, double time_scale) {
    try {
        return predicted_why(cell, time_scale, catalogue::load_installed());
    } catch (const std::exception&) {
        return {};
    }
}

template <named_enum Enum>
std::string shares(const report::tally<Enum>& counts) {
    std::vector<std::string> out;
    for (const auto& [value, name] : names_of<Enum>)
        if (counts[value] != 0) out.push_back(fmt::format("{} {}", name, counts[value]));
    return out.empty() ? "-" : fmt::format("{}", fmt::join(out, ", "));
}

}  // namespace

explanation explain_trial(const store::run_db& run, const std::filesystem::path& folder, std::size_t place,
                          std::optional<std::uint32_t> number) {
    explanation out;
    out.run = run.run();
    auto cells = run.cells_by_difference();
    out.cells = cells.cells.size();
    out.number = place + 1;
    out.cell = std::move(cells.cells.at(place));
    out.distinctive = out.cell.params;
    out.cell.params = store::merged(cells.common, out.cell.params);
    if (const auto end = run.end()) out.resolution_ms = end->resolution_ms;
    out.trial = run.trial(place, chosen_trial(run, place, number)).value();
    out.predicted_why = why(out.cell, out.run.time_scale);
    const auto captures = captures_of(folder);
    out.captured = !captures.empty();
    auto captured = read_captured_lines(captures, out.trial.timeline);
    out.capture_troubles = std::move(captured.troubles);
    out.picture = ladder_of(out.trial.timeline, captured.of_segments);
    return out;
}

std::string list_of_cells(const store::run_db& run, const std::vector<std::size_t>& places, std::size_t limit,
                          const report::text_options& options) {
    using report::align;
    using report::shown;
    const auto counted = report::summarise(run);
    const auto parameters = report::distinguishing_columns(counted);
    std::vector<report::table::column> columns{{"number", align::right, 0}, {"id", align::left, 0}};
    for (const auto& one : parameters)
        columns.push_back({shown(one.name), one.numeric ? align::right : align::left, 2});
    columns.push_back({"trials", align::right, 5});
    columns.push_back({"first FIN", align::left, 1});
    columns.push_back({"ending", align::left, 4});
    columns.push_back({"conflicts", align::right, 3});
    report::table rows(std::move(columns));
    const auto listed = std::min(limit, places.size());
    for (const auto place : std::span(places).first(listed)) {
        const auto& one = counted.cells.at(place);
        std::vector<std::string> row{std::to_string(place + 1), shown(one.cell.id)};
        for (const auto& column : parameters)
            row.push_back(shown(column.text(place)));
        row.push_back(std::to_string(one.counts.trials));
        row.push_back(shares(one.counts.first_fin));
        row.push_back(shares(one.counts.ending));
        row.push_back(std::to_string(one.counts.conflicts));
        rows.add_row(std::move(row));
    }
    auto out = rows.text(options.width);
    if (listed < places.size())
        out += report::paragraph(fmt::format("and {} more", report::grouped(places.size() - listed)), options.width);
    return out;
}

std::string list_of_cells_json(const store::run_db& run) {
    const auto counted = report::summarise(run);
    std::string out = "{\"schema\":1,\"cells\":[";
    std::size_t number = 0;
    for (const auto& one : counted.cells) {
        out += fmt::format("{}{{\"number\":{},\"id\":", number == 0 ? "" : ",", number + 1);
        append_json_text(out, one.cell.id);
        out += ",\"params\":";
        store::append_json(out, one.cell.params);
        out += fmt::format(",\"trials\":{},\"conflicts\":{},\"invalid\":{}}}", one.counts.trials, one.counts.conflicts,
                           one.counts.invalid);
        ++number;
    }
    return out + "]}\n";
}

}  // namespace firstfin::explain
