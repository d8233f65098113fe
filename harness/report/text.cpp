#include "harness/report/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "harness/report/heat_map.hpp"
#include "harness/report/parameter_columns.hpp"
#include "harness/report/table.hpp"
#include "harness/report/terminal_text.hpp"

namespace firstfin::report {

namespace {

constexpr std::size_t worries_listed = 10;

std::string scale_words(const summary& run) {
    return fmt::format("time scale {}{}", run.run.time_scale, run.is_scaled() ? " (SCALED)" : "");
}

/// Four digits are enough for eyes; CSV and JSON have the nanoseconds.
std::string seconds(duration value) {
    using namespace std::chrono_literals;
    const auto exact = static_cast<double>(value.count());
    return value < 1s ? fmt::format("{:.1f}ms", exact / 1e6) : fmt::format("{:.3f}s", exact / 1e9);
}

enum class counting : std::uint8_t { always, when_mixed };

/// "server 20/20", or "server 12, client 8" where the trials differ, the most frequent first.
template <named_enum Enum>
std::string shares(const tally<Enum>& counts, counting how) {
    const auto total = counts.total();
    if (total == 0) return "-";
    std::vector<enum_name<Enum>> present;
    for (const auto& one : names_of<Enum>)
        if (counts[one.value] != 0) present.push_back(one);
    if (present.size() == 1) {
        const auto name = present.front().name;
        return total == 1 || how == counting::when_mixed ? std::string(name)
                                                         : fmt::format("{} {}/{}", name, total, total);
    }
    std::ranges::stable_sort(present, std::greater{},
                             [&counts](const enum_name<Enum>& one) { return counts[one.value]; });
    std::string out;
    for (const auto& one : present)
        out += fmt::format("{}{} {}", out.empty() ? "" : ", ", one.name, counts[one.value]);
    return out;
}

/// "1 conflict", "2 conflicts".
std::string count_of(std::uint64_t number, std::string_view noun) {
    return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string notes(const cell_summary& one) {
    std::vector<std::string> parts;
    const auto& counts = one.counts;
    if (counts.conflicts != 0) parts.push_back(count_of(counts.conflicts, "conflict"));
    if (counts.invalid != 0) parts.push_back(fmt::format("{} invalid", counts.invalid));
    if (one.tie_band) parts.emplace_back("tie band");
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string range(const cell_summary& one) {
    if (!one.idle_at_close || one.counts.trials < 2) return {};
    return seconds(one.idle_at_close->min) + " - " + seconds(one.idle_at_close->max);
}

std::string lost(const request_totals& requests) {
    std::vector<std::string> parts;
    if (requests.stale_reuse != 0) parts.push_back(fmt::format("{} stale", requests.stale_reuse));
    if (requests.true_race != 0) parts.push_back(fmt::format("{} raced", requests.true_race));
    return fmt::format("{}", fmt::join(parts, ", "));
}

/// Cells as rows. Columns that would be empty in every row are not there.
class cell_table {
public:
    cell_table(const summary& run, const std::vector<parameter_column>& parameters, std::vector<std::size_t> cells)
        : run_(run), parameters_(parameters), cells_(std::move(cells)) {
        for (const auto cell : cells_) {
            const auto& one = run.cells[cell];
            any_range_ = any_range_ || !range(one).empty();
            any_note_ = any_note_ || !notes(one).empty();
            any_age_ = any_age_ || one.client_age;
            any_lost_ = any_lost_ || !lost(one.counts.requests).empty();
            any_reset_ = any_reset_ || one.counts.reset[party::none] != one.counts.reset.total();
            any_difference_ = any_difference_ || one.differs_from_prediction();
        }
    }

    [[nodiscard]] std::string text(std::size_t width) const {
        std::vector<table::column> columns;
        for (const auto& one : parameters_)
            columns.push_back({shown(one.name), one.numeric ? align::right : align::left, 0});
        columns.push_back({"trials", align::right, 8});
        columns.push_back({"first FIN", align::left, 0});
        columns.push_back({"TIME_WAIT", align::left, 3});
        columns.push_back({"ending", align::left, 6});
        if (any_reset_) columns.push_back({"reset by", align::left, 5});
        if (any_lost_) columns.push_back({"lost requests", align::left, 2});
        if (any_age_) columns.push_back({"client's age", align::right, 7});
        columns.push_back({"idle at close", align::right, 4});
        if (any_range_) columns.push_back({"min-max", align::right, 7});
        if (any_difference_) columns.push_back({"predicted", align::left, 1});
        if (any_note_) columns.push_back({"note", align::left, 0});
        table rows(std::move(columns));
        for (const auto cell : cells_)
            rows.add_row(row(cell));
        return rows.text(width);
    }

private:
    [[nodiscard]] std::vector<std::string> row(std::size_t place) const {
        const auto& one = run_.cells[place];
        const auto& counts = one.counts;
        std::vector<std::string> out;
        for (const auto& column : parameters_)
            out.push_back(shown(column.text(place)));
        out.push_back(std::to_string(counts.trials));
        out.push_back(shares(counts.first_fin, counting::always));
        out.push_back(shares(counts.time_wait, counting::when_mixed));
        out.push_back(shares(counts.ending, counting::when_mixed));
        if (any_reset_) out.push_back(shares(counts.reset, counting::when_mixed));
        if (any_lost_) out.push_back(lost(counts.requests));
        if (any_age_) out.push_back(one.client_age ? seconds(one.client_age->median) : "-");
        out.push_back(one.idle_at_close ? seconds(one.idle_at_close->median) : "-");
        if (any_range_) out.push_back(range(one));
        if (any_difference_) out.push_back(one.differs_from_prediction() ? shown(one.cell.predicted) : "");
        if (any_note_) out.push_back(notes(one));
        return out;
    }

    const summary& run_;
    const std::vector<parameter_column>& parameters_;
    std::vector<std::size_t> cells_;
    bool any_range_ = false;
    bool any_note_ = false;
    bool any_age_ = false;
    bool any_lost_ = false;
    bool any_reset_ = false;
    bool any_difference_ = false;
};

/// A verdict of two witnesses must not pass for one of three.
std::string sandbox_words(const std::string& sandbox) {
    return shown(sandbox) +
           (sandbox == "loopback" ? " (two witnesses, sockets and subjects: no wire was watched)" : "");
}

std::string heading(const summary& run, std::size_t width) {
    const auto& of = run.run;
    std::string out = paragraph(shown(of.title.empty() ? of.name : of.title), width);
    out += paragraph(fmt::format("{}: {}, {}, seed {}, {}, sandbox {}, firstfin {}", shown(of.name),
                                 count_of(run.cells.size(), "cell"), count_of(run.planned_trials, "trial"), of.seed,
                                 scale_words(run), sandbox_words(of.sandbox), shown(of.version)),
                     width, 2);
    return out + "\n";
}

/// After the results: part of every output, but not what anybody came for.
std::string surroundings(const summary& run, std::size_t width) {
    std::vector<std::string> environment;
    for (const auto& [name, value] : run.run.environment)
        if (name != "firstfin") environment.push_back(shown(name) + " " + shown(value));
    return environment.empty() ? std::string{}
                               : "\n" + paragraph(fmt::format("on: {}", fmt::join(environment, ", ")), width, 2);
}

std::string sentence(const summary& run, std::size_t width) {
    const auto& total = run.total;
    std::vector<std::string> first;
    std::string out;
    for (const auto one : {party::server, party::client, party::both, party::none}) {
        const auto count = total.first_fin[one];
        if (count == 0) continue;
        const auto who = one == party::none ? "nobody" : to_text(one);
        first.push_back(first.empty()
                            ? fmt::format("{} first in {} of {} trials", who, grouped(count), grouped(total.trials))
                            : fmt::format("{} in {}", who, grouped(count)));
    }
    out += first.empty() ? fmt::format("no first FIN in {} trials", grouped(total.trials))
                         : fmt::format("{}", fmt::join(first, ", "));
    const auto resets = total.reset[party::server] + total.reset[party::client];
    if (resets != 0)
        out += fmt::format("; reset in {} (by the server {}, by the client {})", grouped(resets),
                           grouped(total.reset[party::server]), grouped(total.reset[party::client]));
    const auto gone = total.requests.stale_reuse + total.requests.true_race;
    if (gone != 0)
        out += fmt::format("; {} of {} requests lost ({} stale reuse, {} true race)", grouped(gone),
                           grouped(total.requests.sent), grouped(total.requests.stale_reuse),
                           grouped(total.requests.true_race));
    out += fmt::format("; {}, {} invalid", count_of(total.conflicts, "conflict"), grouped(total.invalid));
    const auto ties = std::ranges::count_if(run.cells, &cell_summary::tie_band);
    if (run.end)
        out += fmt::format("; resolution {:.3g} ms ({} of {} cells in the tie band)", run.end->resolution_ms,
                           grouped(static_cast<std::uint64_t>(ties)), grouped(run.cells.size()));
    else
        out += "; resolution not known";
    return paragraph(out + "; " + scale_words(run), width, 2);
}

/// Client programs open connections that nobody asked for: never part of a verdict, never hidden.
std::string other_connections_of(const summary& run, std::size_t width) {
    const auto& others = run.others;
    if (others.never_used + others.used == 0) return {};
    auto out = fmt::format("beside them, not judged: {} never used", count_of(others.never_used, "connection"));
    if (others.never_used != 0) {
        out += fmt::format(" (first FIN: {}", shares(others.first_fin, counting::always));
        if (others.idle_at_close)
            out += fmt::format("; {} to {} after the handshake", seconds(others.idle_at_close->min),
                               seconds(others.idle_at_close->max));
        out += ")";
    }
    return paragraph(out + fmt::format(", {} used", others.used), width, 2);
}

/// What was predicted against what was measured. The cells that disagree stand in the table, or in a list of their own.
std::string predictions(const summary& run, std::size_t width) {
    const auto [judged, held] = run.compared_predictions();
    const auto open = run.cells.size() - judged;
    if (judged == 0)
        return paragraph("predicted: no cell can be judged (undecided, in the tie band, or without a valid trial)",
                         width, 2);
    auto out = fmt::format("predicted: {} of {} as measured", grouped(held), count_of(judged, "cell"));
    if (open != 0)
        out += fmt::format("; {} not judged (undecided, in the tie band, or without a valid trial)", grouped(open));
    if (held != judged) out += "; why: firstfin explain DIR";
    return paragraph(out, width, 2);
}

std::string expectations(const summary& run, std::size_t width) {
    if (run.expects.empty()) return {};
    table rows(
        {{"expected where"}, {"of", align::left, 3}, {"article", align::left, 2}, {"today"}, {"measured"}, {"met"}});
    for (const auto& one : run.expects) {
        if (!one.expect.claim.empty()) continue;  // claims have a table of their own, across runs
        std::vector<std::string> when;
        for (const auto& [name, value] : one.expect.when)
            when.push_back(shown(name) + "=" + shown(value));
        rows.add_row({when.empty() ? "everywhere" : fmt::format("{}", fmt::join(when, ", ")), shown(one.expect.measure),
                      one.expect.article.empty() ? "-" : shown(one.expect.article), shown(one.expect.today),
                      shown(one.measured), one.met ? "yes" : "NO"});
    }
    return rows.empty() ? std::string{} : "\n" + rows.text(width);
}

std::string warnings(const summary& run, std::size_t width) {
    std::vector<std::string> all;
    const auto missing = run.missing();
    if (missing != 0)
        all.push_back(
            fmt::format("missing: {} of {} trials; --resume runs them", grouped(missing), grouped(run.planned_trials)));
    else if (run.interrupted())
        all.emplace_back("the run did not come to its end; --resume ends it");
    for (const auto& one : run.expects)
        if (!one.met && !one.expect.claim.empty())
            all.push_back(fmt::format("claim {}: expected {} = {} today, measured {}", one.expect.claim,
                                      one.expect.measure, one.expect.today, one.detail));
    for (const auto& one : run.disputes)
        all.push_back(fmt::format("conflict in cell {}, trial {}: {}", one.cell, one.trial, one.words));
    if (run.total.conflicts > run.disputes.size())
        all.push_back(count_of(run.total.conflicts - run.disputes.size(), "more conflict") + ": see --format jsonl");
    std::size_t listed = 0;
    for (const auto& [reason, count] : run.invalid_reasons) {
        if (++listed > worries_listed) break;
        all.push_back(fmt::format("{} invalid: {}", grouped(count), reason));
    }
    if (run.end) {
        if (run.end->segments_lost != 0)
            all.push_back(fmt::format("the capture lost {} of {} segments", grouped(run.end->segments_lost),
                                      grouped(run.end->segments_captured + run.end->segments_lost)));
        all.insert(all.end(), run.end->warnings.begin(), run.end->warnings.end());
    }
    std::string out;
    for (const auto& one : all)
        out += paragraph("warning: " + shown(one), width, 2);
    return out.empty() ? out : "\n" + out;
}

/// In a map nobody finds the cells that need a look: they are listed.
std::string remarkable(const summary& run, const std::vector<parameter_column>& columns, std::size_t width) {
    std::vector<std::size_t> places;
    std::size_t more = 0;
    for (std::size_t place = 0; place < run.cells.size(); ++place) {
        const auto& one = run.cells[place];
        if (one.counts.conflicts == 0 && !one.differs_from_prediction()) continue;
        if (places.size() < worries_listed)
            places.push_back(place);
        else
            ++more;
    }
    if (places.empty()) return {};
    auto out = "\n" + paragraph("cells with conflicts or against the prediction:", width) +
               cell_table(run, columns, std::move(places)).text(width);
    if (more != 0) out += paragraph(fmt::format("and {} more: see --format csv", grouped(more)), width);
    return out;
}

}  // namespace

std::string to_text(const summary& run, const text_options& options) {
    const auto columns = distinguishing_columns(run);
    auto out = heading(run, options.width);
    if (const auto axes = heat_map_axes_of(columns)) {
        out += heat_map(run, *axes, options) + remarkable(run, columns, options.width);
    } else {
        std::vector<std::size_t> all(run.cells.size());
        std::iota(all.begin(), all.end(), std::size_t{0});
        out += cell_table(run, columns, std::move(all)).text(options.width);
    }
    out += "\n" + sentence(run, options.width);
    out += other_connections_of(run, options.width);
    out += predictions(run, options.width);
    out += expectations(run, options.width);
    return out + warnings(run, options.width) + surroundings(run, options.width);
}

}  // namespace firstfin::report
