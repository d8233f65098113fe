#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/store/database.hpp"
#include "harness/store/folder_lock.hpp"
#include "harness/store/run_record.hpp"

namespace firstfin::store {

/// Two lists of parameters, each sorted by name, as one.
[[nodiscard]] text_pairs merged(const text_pairs& left, const text_pairs& right);

/// The cells in plan order. Most parameters are the same everywhere: those stand once in `common`, and each cell's own
/// `params` hold the rest. Both sorted by name.
struct cell_list {
    text_pairs common;
    std::vector<cell_record> cells;
};

/// A trial without its evidence and timeline, for counting.
struct trial_result {
    std::size_t cell = 0;  ///< place in the plan
    std::uint32_t number = 0;
    firstfin::verdict verdict;  ///< without statements
    std::optional<duration> client_age;
};

/// One run on disk: FOLDER/run.db. One process writes and, within it, one thread at a time; any number of others read
/// meanwhile. Throws bad_input for a folder or file that the user must mend, database_error for what goes wrong later.
///
/// A trial is there completely or not at all, also after kill -9. Power loss may cost the last trials, never the file
/// (synchronous=NORMAL). run.db appears complete, with its plan: a run killed before that left nothing to resume.
class run_db {
public:
    /// Begins a run. The folder exists or is made; a run that is already there is never overwritten.
    [[nodiscard]] static run_db create(const std::filesystem::path& folder, const run_record& run,
                                       std::span<const cell_record> cells);
    /// Continues a run. Refuses one of another version, seed, scale, replicate count, sandbox or plan, naming what
    /// differs.
    [[nodiscard]] static run_db open_to_resume(const std::filesystem::path& folder, const run_record& wanted);
    /// Also while the run is still being written.
    [[nodiscard]] static run_db open_to_read(const std::filesystem::path& folder);

    /// FOLDER/run.db, for messages.
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }

    /// The trials that are there, invalid ones included.
    [[nodiscard]] std::set<std::pair<std::string, std::uint32_t>> finished() const;

    /// Stores everything given, or nothing, in one transaction. A trial that is already there stays as it is. Answers
    /// how many were new.
    std::size_t add(std::span<const trial_record> trials, std::span<const state_count_record> counts = {});
    void add(const state_count_record& count);
    /// Ends this session of the run, and leaves one self-contained file. A resumed run has several sessions.
    void finish(const run_end_record& end);

    [[nodiscard]] run_record run() const;
    [[nodiscard]] std::vector<cell_record> cells() const;
    [[nodiscard]] cell_list cells_by_difference() const;
    /// All sessions together: longest resolution, sums of time and segments, all warnings, `interrupted` as the last
    /// session said. Nothing when none has ended.
    [[nodiscard]] std::optional<run_end_record> end() const;

    /// In plan order, with evidence and timeline.
    void for_each_trial(const std::function<void(const trial_record&)>& visit) const;
    /// One trial, with evidence and timeline; `cell` is the place in the plan. Nothing when it is not there.
    [[nodiscard]] std::optional<trial_record> trial(std::size_t cell, std::uint32_t number) const;
    /// In plan order, from columns alone. The argument is reused.
    void for_each_result(const std::function<void(const trial_result&)>& visit) const;
    /// Of all trials, in plan order.
    void for_each_other(const std::function<void(std::size_t cell, const other_connection&)>& visit) const;
    /// In the order they were added.
    void for_each_state_count(const std::function<void(const state_count_record&)>& visit) const;

private:
    run_db(const std::filesystem::path& folder, database opened);
    struct prepared;

    void check_plan(const run_record& wanted) const;
    void add_trial(const trial_record& trial);
    void add_others(const trial_record& trial);
    void add_count(const state_count_record& count);
    prepared& insert();
    [[nodiscard]] std::size_t place_of(const std::string& cell);
    [[nodiscard]] std::vector<std::string> cell_ids() const;

    std::filesystem::path file_;
    std::optional<folder_lock> lock_;
    database db_;

    struct forget {
        void operator()(prepared* one) const noexcept;
    };
    std::unique_ptr<prepared, forget> insert_;  ///< statements used again and again; before db_ in destruction
    std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace firstfin::store
