#include "harness/store/run_db.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "harness/store/damage.hpp"
#include "harness/store/record_json.hpp"
#include "harness/store/schema.hpp"

namespace firstfin::store {

namespace fs = std::filesystem;

struct run_db::prepared {
    statement trial;
    statement timeline;
    statement other;
    statement count;
};

void run_db::forget::operator()(prepared* one) const noexcept {
    delete one;
}

namespace {

fs::path existing_file(const fs::path& folder, std::string_view remedy) {
    auto file = folder / "run.db";
    std::error_code failed;
    if (!fs::is_directory(folder, failed))
        throw bad_input(fmt::format("there is no folder {}{}", folder.string(), remedy));
    if (!fs::exists(file, failed)) throw bad_input(fmt::format("{} holds no run.db{}", folder.string(), remedy));
    return file;
}

/// SQLite does not notice that the end of the last page is missing. A file with a log beside it may end anywhere: the
/// log knows better.
void check_size(const fs::path& file, std::int64_t page_size) {
    std::error_code failed;
    const auto size = static_cast<std::int64_t>(fs::file_size(file, failed));
    if (!failed && page_size > 0 && size % page_size != 0 && !fs::exists(fs::path(file) += "-wal", failed))
        throw damaged(file, "its end is cut off");
}

/// Opens a file that must be ours.
database open_ours(const fs::path& file, database::access how) {
    const auto foreign = [&file](std::string_view why) {
        return bad_input(fmt::format(
            "{} is not a run of firstfin ({}): name the folder of a run, or move this file away", file.string(), why));
    };
    try {
        database opened(file, how);
        if (opened.integer("PRAGMA application_id", "read the header") != application_id)
            throw foreign("a SQLite database of another program");
        const auto version = opened.integer("PRAGMA user_version", "read the header");
        if (version != schema_version)
            throw bad_input(
                fmt::format("{} was written by another firstfin (schema {}, this program reads {}): use that version, "
                            "or run the experiment again",
                            file.string(), version, schema_version));
        check_size(file, opened.integer("PRAGMA page_size", "read the header"));
        return opened;
    } catch (const database_error& failed) {
        if (failed.is_no_database()) throw foreign(failed.what());
        if (failed.is_damage()) throw damaged(file, failed.what());
        throw bad_input(failed.what());
    }
}

/// What all cells have in common is stored once.
text_pairs common_params(std::span<const cell_record> cells) {
    if (cells.empty()) return {};
    text_pairs common = cells.front().params;
    for (const auto& cell : cells) {
        if (std::ranges::includes(cell.params, common)) continue;
        std::erase_if(common, [&cell](const auto& one) { return !std::ranges::binary_search(cell.params, one); });
    }
    return common;
}

text_pairs without(const text_pairs& all, const text_pairs& common) {
    text_pairs rest;
    std::ranges::set_difference(all, common, std::back_inserter(rest));
    return rest;
}

void store_plan(database& db, const run_record& run, std::span<const cell_record> cells) {
    const auto common = common_params(cells);
    db.prepare("INSERT INTO run VALUES (?,?,?,?,?,?,?,?,?,?,?)", "store the run")
        .with(run.name, run.title, run.experiment_text, run.plan_hash, run.version, std::to_string(run.seed),
              run.time_scale, run.replicates, run.sandbox, to_json(run.environment), to_json(common))
        .run();
    auto axis = db.prepare("INSERT INTO axes (name, value_list) VALUES (?,?)", "store an axis");
    for (const auto& one : run.axes)
        axis.with(one.name, to_json(one.values)).run();
    auto expect = db.prepare(
        "INSERT INTO expects (selects, measure, article, today, claim, said, because, occurs, not_shown) "
        "VALUES (?,?,?,?,?,?,?,?,?)",
        "store an expectation");
    for (const auto& one : run.expects)
        expect
            .with(to_json(one.when), one.measure, one.article, one.today, one.claim, one.said, one.because, one.occurs,
                  one.not_shown)
            .run();
    auto cell = db.prepare("INSERT INTO cells VALUES (?,?,?,?,?,?)", "store a cell");
    for (std::size_t place = 0; place < cells.size(); ++place) {
        const auto& one = cells[place];
        const auto margin = one.margin ? std::optional(one.margin->count()) : std::nullopt;
        cell.with(place, one.id, to_json(without(one.params, common)), one.predicted, margin, one.longest.count())
            .run();
    }
}

bool by_name(const text_pairs::value_type& left, const text_pairs::value_type& right) {
    return left.first < right.first;
}

std::optional<std::int64_t> nanoseconds(const std::optional<duration>& of) {
    return of ? std::optional<std::int64_t>(of->count()) : std::nullopt;
}

std::string scale_words(double scale) {
    return fmt::format("{}", scale);
}

}  // namespace

text_pairs merged(const text_pairs& left, const text_pairs& right) {
    text_pairs all;
    all.reserve(left.size() + right.size());
    std::ranges::merge(left, right, std::back_inserter(all), by_name);
    return all;
}

run_db::run_db(const fs::path& folder, database opened) : file_(folder / "run.db"), db_(std::move(opened)) {}

run_db run_db::create(const fs::path& folder, const run_record& run, std::span<const cell_record> cells) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed)
        throw bad_input(
            fmt::format("cannot make the folder {}: {}: name another with --out", folder.string(), failed.message()));
    if (::access(folder.c_str(), W_OK) != 0)
        throw bad_input(fmt::format("cannot write into the folder {}: {}: name another with --out", folder.string(),
                                    std::generic_category().message(errno)));
    folder_lock lock(folder);
    const auto file = folder / "run.db";
    if (fs::exists(file))
        throw bad_input(
            fmt::format("{} already holds a run: continue it with --resume, or choose another --out", folder.string()));

    // Built aside and renamed, so that a killed start never leaves half a plan to be resumed.
    const auto unfinished = folder / "run.db.new";
    fs::remove(unfinished);
    {
        database db(unfinished, database::access::create);
        db.run(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, schema_version),
               "mark the file");
        transaction all(db);
        db.run(schema, "create the tables");
        store_plan(db, run, cells);
        all.commit();
    }
    fs::rename(unfinished, file);

    run_db created(folder, open_ours(file, database::access::write));
    created.lock_ = std::move(lock);
    created.db_.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", "turn on the write-ahead log");
    return created;
}

run_db run_db::open_to_resume(const fs::path& folder, const run_record& wanted) {
    const auto file = existing_file(folder, ": there is nothing to resume; leave out --resume to begin the run");
    folder_lock lock(folder);
    run_db opened(folder, open_ours(file, database::access::write));
    opened.lock_ = std::move(lock);
    reading(opened.file_, [&] {
        auto check = opened.db_.prepare("PRAGMA quick_check(1)", "check the file");
        if (!check.next() || check.text(0) == "ok") return;
        std::string words(check.text(0));
        std::ranges::replace(words, '\n', ' ');
        throw bad_input(words);
    });
    opened.check_plan(wanted);
    opened.db_.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", "turn on the write-ahead log");
    return opened;
}

run_db run_db::open_to_read(const fs::path& folder) {
    return {folder, open_ours(existing_file(folder, ": name the folder of a run, such as results/local/NAME-TIME"),
                              database::access::read)};
}

void run_db::check_plan(const run_record& wanted) const {
    const auto before = run();
    std::vector<std::string> differences;
    const auto compare = [&differences](std::string_view what, const auto& was, const auto& is) {
        if (was != is) differences.push_back(fmt::format("{} {}, not {}", what, was, is));
    };
    compare("by version", before.version, wanted.version);
    compare("with --seed", before.seed, wanted.seed);
    compare("with --time-scale", scale_words(before.time_scale), scale_words(wanted.time_scale));
    compare("with --replicates", before.replicates, wanted.replicates);
    compare("with --sandbox", before.sandbox, wanted.sandbox);
    // The hash covers the fields above too: on its own it means that the cells differ.
    if (differences.empty() && before.plan_hash != wanted.plan_hash)
        differences.push_back(before.experiment_text == wanted.experiment_text
                                  ? "with other cells (a profile or default has changed since)"
                                  : "from another text of the experiment");
    if (!differences.empty())
        throw bad_input(fmt::format(
            "cannot resume {}: it was run {}. Give the same again, or leave out --resume to begin a new run",
            file_.parent_path().string(), fmt::join(differences, "; ")));
}

run_db::prepared& run_db::insert() {
    if (!insert_)
        insert_.reset(new prepared{
            db_.prepare("INSERT OR IGNORE INTO trials VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", "store a trial"),
            db_.prepare("INSERT OR IGNORE INTO timelines VALUES (?,?,?,?)", "store a timeline"),
            db_.prepare("INSERT OR IGNORE INTO other_connections VALUES (?,?,?,?,?,?,?)", "store another connection"),
            db_.prepare("INSERT INTO state_counts VALUES (?,?,?,?)", "store socket counts")});
    return *insert_;
}

std::size_t run_db::place_of(const std::string& cell) {
    if (places_.empty()) {
        const auto ids = cell_ids();
        for (std::size_t place = 0; place < ids.size(); ++place)
            places_.emplace(ids[place], place);
    }
    const auto found = places_.find(cell);
    if (found == places_.end())
        throw std::logic_error(fmt::format("a trial of cell {}, which is not in the plan", cell));
    return found->second;
}

void run_db::add_trial(const trial_record& trial) {
    const auto place = place_of(trial.cell);
    const auto& said = trial.verdict;
    const auto idle = nanoseconds(said.idle_at_close);
    insert()
        .trial
        .with(place, trial.number, to_text(said.first_fin), to_text(said.reset), said.reset_destroyed_request,
              to_text(said.time_wait), to_text(said.ending), idle, said.requests.sent, said.requests.answered,
              said.requests.stale_reuse, said.requests.true_race, said.conflict, said.invalid,
              nanoseconds(trial.client_age))
        .run();
    insert().timeline.with(place, trial.number, to_json(said.statements), to_json(trial.timeline)).run();
}

void run_db::add_others(const trial_record& trial) {
    for (const auto& one : trial.others)
        insert()
            .other
            .with(place_of(trial.cell), trial.number, to_text(one.client), one.used, to_text(one.first_fin),
                  to_text(one.ending), nanoseconds(one.idle_at_close))
            .run();
}

void run_db::add_count(const state_count_record& count) {
    insert().count.with(count.at.count(), count.stage, to_text(count.of), to_json(count.counts)).run();
}

std::size_t run_db::add(std::span<const trial_record> trials, std::span<const state_count_record> counts) {
    const auto changes = [this] { return db_.integer("SELECT total_changes()", "count changes"); };
    transaction all(db_);
    const auto before = changes();
    for (const auto& one : trials)
        add_trial(one);
    const auto rows = static_cast<std::size_t>(changes() - before);
    for (const auto& one : trials)
        add_others(one);
    for (const auto& one : counts)
        add_count(one);
    all.commit();
    return rows / 2;  // a trial is a row in each of two tables
}

void run_db::add(const state_count_record& count) {
    add({}, {&count, 1});
}

void run_db::finish(const run_end_record& end) {
    db_.prepare("INSERT INTO sessions VALUES (?,?,?,?,?,?)", "store the end of the run")
        .with(end.resolution_ms, end.interrupted, end.wall.count(), end.segments_captured, end.segments_lost,
              to_json(end.warnings))
        .run();
    insert_.reset();
    // Without its log the file can be copied, and read from a folder that allows no writing. A reader may hold it back;
    // then the log stays, and nothing is lost.
    db_.wait_for_locks(0);
    try {
        db_.run("PRAGMA journal_mode = DELETE", "fold the log into the file");
    } catch (const database_error&) {
    }
    db_.wait_for_locks(5000);
}

}  // namespace firstfin::store
