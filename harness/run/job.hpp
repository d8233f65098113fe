#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "harness/experiment/plan.hpp"
#include "harness/run/lateness.hpp"
#include "harness/run/settling.hpp"
#include "harness/run/stage_builder.hpp"
#include "harness/run/stage_run.hpp"
#include "harness/store/run_db.hpp"
#include "harness/store/writer.hpp"

namespace firstfin::run {

/// Where the role programs are and how much one pair of them can hold.
struct role_programs {
    std::string server;
    std::string client;
    std::size_t trials_per_pair = 0;
};

/// One run while it runs: follows every trial from its connection to a verdict in the store.
class job {
public:
    /// `done`: trials that an earlier, interrupted execution has stored already.
    job(experiment::plan what, std::filesystem::path folder, store::run_db db,
        const std::set<std::pair<std::string, std::uint32_t>>& done);

    /// Opens the stages and forks their processes; `first_stage` numbers them among all jobs.
    void open_stages(boost::asio::io_context& loop, const stage_builder& sandbox, unsigned first_stage,
                     const role_programs& programs, start_gate& gate);
    /// Starts the writer thread and the roles.
    void start();

    /// Moves everything forward that is due: deadlines, table questions, verdicts.
    void advance(time_point now);
    /// Counts sockets by state, for the time line and the progress display; the last count is at the last trial's end.
    void count_states(time_point now);
    /// Trials that still have no end get the reason why nobody waits any longer; those of client programs have
    /// deadlines of their own.
    void give_up(const std::string& why);
    /// The run's end, complete or interrupted: the capture's tail, the store.
    void finish(bool interrupted);
    /// Ends every process and namespace of this run; before the loop and the PID namespace go.
    void close_stages() { stages_.clear(); }

    [[nodiscard]] const experiment::plan& plan() const { return plan_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] std::uint64_t trials_wanted() const { return trials_.size(); }
    [[nodiscard]] std::uint64_t trials_finished() const { return finished_; }
    [[nodiscard]] bool all_finished() const { return finished_ == trials_.size(); }
    [[nodiscard]] unsigned stages() const { return static_cast<unsigned>(stages_.size()); }
    [[nodiscard]] const std::map<tcp_state, std::size_t>& states() const { return states_; }
    /// Set when the store can take no more (disk full): the run must stop.
    [[nodiscard]] std::optional<std::string> store_failure() const;

private:
    struct trial_state {
        std::uint32_t cell = 0;
        std::uint32_t number = 0;
        std::uint32_t stage = 0;
        bool finished = false;
        bool settles = false;
        settling how;
        std::optional<time_point> began;  ///< its client program's start
        time_point deadline;              ///< when it is given up, or observed long enough
        witness::joiner::connection_ptr observed;
        std::vector<witness::joiner::connection_ptr> others;  ///< of a client program
    };

    void changed(const witness::joiner::connection_ptr& one);
    void changed_by_address(const witness::joiner::connection_ptr& one);
    void observe(std::uint64_t key, const witness::joiner::connection_ptr& one, time_point began);
    void client_started(std::uint64_t key, time_point began, time_point latest);
    void at_deadline(std::uint64_t key, time_point now);
    void begin_settling(std::uint64_t key, bool at_deadline, time_point now);
    void ask_tables(std::uint32_t stage, const std::vector<std::uint64_t>& due, time_point now);
    void settle(std::uint32_t stage, time_point now);
    void conclude(std::uint64_t key, std::string fault);
    void warn(const std::string& text);
    void keep_order(const assigned_trial& of, side which, const program_order& what);

    experiment::plan plan_;
    std::filesystem::path folder_;
    store::run_db db_;
    std::vector<trial_state> trials_;
    std::vector<std::vector<std::uint64_t>> settling_;     ///< by stage
    std::unique_ptr<witness::capture_file> capture_file_;  ///< none without a wire
    std::vector<std::unique_ptr<stage_run>> stages_;
    std::unique_ptr<store::writer> writer_;
    std::uint64_t finished_ = 0;
    bool counted_at_end_ = false;  ///< other runs may go on for minutes: the last count is this run's own end
    lateness lateness_;
    std::map<tcp_state, std::size_t> states_;
    std::vector<std::string> warnings_;
    time_point started_;
    using timed = std::pair<time_point, std::uint64_t>;
    std::priority_queue<timed, std::vector<timed>, std::greater<>> deadlines_;
};

}  // namespace firstfin::run
