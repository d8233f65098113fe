#include <algorithm>

#include "harness/store/damage.hpp"
#include "harness/store/record_json.hpp"
#include "harness/store/run_db.hpp"

// Everything that reads a run: the writing half is in run_db.cpp.

namespace firstfin::store {

namespace {

template <named_enum Enum>
Enum named(const statement& row, int column) {
    return parse_enum<Enum>(row.text(column)).value();
}

std::uint32_t small(const statement& row, int column) {
    return static_cast<std::uint32_t>(row.integer(column));
}

constexpr std::string_view verdict_columns =
    "first_fin, reset, reset_destroyed_request, time_wait, ending, idle_at_close_ns, sent, answered, stale_reuse, "
    "true_race, conflict, invalid, client_age_ns";

/// `columns`, in that order, from the given one on.
void read_verdict(const statement& row, int at, verdict& into) {
    into.first_fin = named<party>(row, at);
    into.reset = named<party>(row, at + 1);
    into.reset_destroyed_request = row.integer(at + 2) != 0;
    into.time_wait = named<party>(row, at + 3);
    into.ending = named<ending>(row, at + 4);
    into.idle_at_close = row.is_null(at + 5) ? std::nullopt : std::optional(duration(row.integer(at + 5)));
    into.requests = {small(row, at + 6), small(row, at + 7), small(row, at + 8), small(row, at + 9)};
    into.conflict = row.text(at + 10);
    into.invalid = row.text(at + 11);
}

std::optional<duration> duration_at(const statement& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(duration(row.integer(column)));
}

/// A row of cell, number, `verdict_columns`, evidence, timeline.
void read_trial(const statement& row, const std::vector<std::string>& ids, trial_record& into) {
    into.cell = ids.at(static_cast<std::size_t>(row.integer(0)));
    into.number = small(row, 1);
    read_verdict(row, 2, into.verdict);
    into.client_age = duration_at(row, 14);
    into.verdict.statements = parse_evidence(row.text(15)).value();
    into.timeline = parse_timeline(row.text(16)).value();
}

}  // namespace

std::vector<std::string> run_db::cell_ids() const {
    std::vector<std::string> ids;
    auto rows = db_.prepare("SELECT id FROM cells ORDER BY cell", "read the cells");
    while (rows.next())
        ids.emplace_back(rows.text(0));
    return ids;
}

std::set<std::pair<std::string, std::uint32_t>> run_db::finished() const {
    return reading(file_, [this] {
        const auto ids = cell_ids();
        std::set<std::pair<std::string, std::uint32_t>> out;
        auto rows = db_.prepare("SELECT cell, number FROM trials", "read the finished trials");
        while (rows.next())
            out.emplace(ids.at(static_cast<std::size_t>(rows.integer(0))), small(rows, 1));
        return out;
    });
}

run_record run_db::run() const {
    return reading(file_, [this] {
        run_record out;
        auto row = db_.prepare(
            "SELECT name, title, experiment, plan_hash, version, seed, time_scale, replicates, sandbox, environment "
            "FROM run",
            "read the run");
        if (!row.next()) throw bad_input("the run's own record is missing");
        out.name = row.text(0);
        out.title = row.text(1);
        out.experiment_text = row.text(2);
        out.plan_hash = row.text(3);
        out.version = row.text(4);
        out.seed = std::stoull(std::string(row.text(5)));
        out.time_scale = row.real(6);
        out.replicates = small(row, 7);
        out.sandbox = row.text(8);
        out.environment = parse_text_pairs(row.text(9)).value();
        auto axes = db_.prepare("SELECT name, value_list FROM axes ORDER BY place", "read the axes");
        while (axes.next())
            out.axes.push_back({std::string(axes.text(0)), parse_texts(axes.text(1)).value()});
        auto expects = db_.prepare(
            "SELECT selects, measure, article, today, claim, said, because, occurs, not_shown FROM expects "
            "ORDER BY place",
            "read the expectations");
        while (expects.next())
            out.expects.push_back(
                {parse_text_pairs(expects.text(0)).value(), std::string(expects.text(1)), std::string(expects.text(2)),
                 std::string(expects.text(3)), std::string(expects.text(4)), std::string(expects.text(5)),
                 std::string(expects.text(6)), expects.integer(7) != 0, std::string(expects.text(8))});
        return out;
    });
}

cell_list run_db::cells_by_difference() const {
    return reading(file_, [this] {
        cell_list out;
        auto run = db_.prepare("SELECT common_params FROM run", "read the run");
        if (run.next()) out.common = parse_text_pairs(run.text(0)).value();
        auto rows = db_.prepare("SELECT id, params, predicted, margin_ns, longest_ns FROM cells ORDER BY cell",
                                "read the cells");
        while (rows.next()) {
            auto& cell = out.cells.emplace_back();
            cell.id = rows.text(0);
            cell.params = parse_text_pairs(rows.text(1)).value();
            cell.predicted = rows.text(2);
            if (!rows.is_null(3)) cell.margin = duration(rows.integer(3));
            cell.longest = duration(rows.integer(4));
        }
        return out;
    });
}

std::vector<cell_record> run_db::cells() const {
    auto list = cells_by_difference();
    for (auto& cell : list.cells)
        cell.params = merged(list.common, cell.params);
    return std::move(list.cells);
}

std::optional<run_end_record> run_db::end() const {
    return reading(file_, [this] {
        std::optional<run_end_record> out;
        auto rows = db_.prepare(
            "SELECT resolution_ms, interrupted, wall_ns, segments_captured, segments_lost, warnings FROM sessions "
            "ORDER BY rowid",
            "read the end of the run");
        while (rows.next()) {
            if (!out) out.emplace();
            out->resolution_ms = std::max(out->resolution_ms, rows.real(0));
            out->interrupted = rows.integer(1) != 0;
            out->wall += duration(rows.integer(2));
            out->segments_captured += static_cast<std::uint64_t>(rows.integer(3));
            out->segments_lost += static_cast<std::uint64_t>(rows.integer(4));
            for (auto& warning : parse_texts(rows.text(5)).value())
                if (std::ranges::find(out->warnings, warning) == out->warnings.end())
                    out->warnings.push_back(std::move(warning));
        }
        return out;
    });
}

void run_db::for_each_trial(const std::function<void(const trial_record&)>& visit) const {
    const auto ids = reading(file_, [this] { return cell_ids(); });
    auto rows = reading(file_, [&] {
        return db_.prepare(
            fmt::format("SELECT cell, number, {}, evidence, timeline FROM trials JOIN timelines USING (cell, number) "
                        "ORDER BY cell, number",
                        verdict_columns),
            "read the trials");
    });
    trial_record one;
    const auto read_next = [&] {
        if (!rows.next()) return false;
        read_trial(rows, ids, one);
        return true;
    };
    // What the visitor throws is not the file's fault.
    while (reading(file_, read_next))
        visit(one);
}

std::optional<trial_record> run_db::trial(std::size_t cell, std::uint32_t number) const {
    return reading(file_, [&]() -> std::optional<trial_record> {
        auto row = db_.prepare(
            fmt::format("SELECT cell, number, {}, evidence, timeline FROM trials JOIN timelines USING (cell, number) "
                        "WHERE cell = ? AND number = ?",
                        verdict_columns),
            "read a trial");
        row.with(cell, number);
        if (!row.next()) return std::nullopt;
        trial_record out;
        read_trial(row, cell_ids(), out);
        return out;
    });
}

void run_db::for_each_result(const std::function<void(const trial_result&)>& visit) const {
    auto rows = reading(file_, [&] {
        return db_.prepare(fmt::format("SELECT cell, number, {} FROM trials ORDER BY cell, number", verdict_columns),
                           "read the results");
    });
    trial_result one;
    const auto read_next = [&] {
        if (!rows.next()) return false;
        one.cell = static_cast<std::size_t>(rows.integer(0));
        one.number = small(rows, 1);
        read_verdict(rows, 2, one.verdict);
        one.client_age = duration_at(rows, 14);
        return true;
    };
    while (reading(file_, read_next))
        visit(one);
}

void run_db::for_each_other(const std::function<void(std::size_t, const other_connection&)>& visit) const {
    auto rows = reading(file_, [&] {
        return db_.prepare(
            "SELECT cell, client, used, first_fin, ending, idle_at_close_ns FROM other_connections ORDER BY cell, "
            "number, "
            "client",
            "read the other connections");
    });
    std::size_t cell = 0;
    other_connection one;
    const auto read_next = [&] {
        if (!rows.next()) return false;
        cell = static_cast<std::size_t>(rows.integer(0));
        one.client = parse_endpoint(rows.text(1)).value();
        one.used = rows.integer(2) != 0;
        one.first_fin = named<party>(rows, 3);
        one.ending = named<ending>(rows, 4);
        one.idle_at_close = duration_at(rows, 5);
        return true;
    };
    while (reading(file_, read_next))
        visit(cell, one);
}

void run_db::for_each_state_count(const std::function<void(const state_count_record&)>& visit) const {
    auto rows = reading(file_, [&] {
        return db_.prepare("SELECT at_ns, stage, side, counts FROM state_counts ORDER BY rowid",
                           "read the socket counts");
    });
    state_count_record one;
    const auto read_next = [&] {
        if (!rows.next()) return false;
        one.at = duration(rows.integer(0));
        one.stage = small(rows, 1);
        one.of = rows.text(2) == to_text(side::server) ? side::server : side::client;
        one.counts = parse_state_counts(rows.text(3)).value();
        return true;
    };
    while (reading(file_, read_next))
        visit(one);
}

}  // namespace firstfin::store
