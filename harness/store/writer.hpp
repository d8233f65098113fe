#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "harness/store/run_db.hpp"

namespace firstfin::store {

/// The one thread that writes a run, so that a disk's stalls (12 to 21 ms) never reach the event loop. Whatever was
/// pushed since the last time is stored in one transaction. While a writer lives, nobody else uses its run_db.
///
/// After a failure (disk full, I/O error) nothing more is stored and pushes are dropped: what was committed stays, the
/// rest is for --resume. The runner asks `failure` now and then, and stops.
class writer {
public:
    explicit writer(run_db& into);
    ~writer() { close(); }
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    void push(trial_record&& trial);
    void push(state_count_record count);

    /// Why storing stopped, for a person.
    [[nodiscard]] std::optional<std::string> failure() const;
    /// Trials stored so far.
    [[nodiscard]] std::size_t stored() const;

    /// Stores what is queued and ends the thread; then the run_db is the caller's again. Pushing after that is a
    /// mistake.
    void close();

private:
    struct batch {
        std::vector<trial_record> trials;
        std::vector<state_count_record> counts;

        [[nodiscard]] bool empty() const { return trials.empty() && counts.empty(); }
        void clear() {
            trials.clear();
            counts.clear();
        }
    };

    void write_until_closed();
    /// Waits for something to write; false when there is nothing left and there will be nothing more.
    [[nodiscard]] bool take(batch& out);
    void give_up(std::string why);

    run_db& into_;
    mutable std::mutex mutex_;  ///< guards all below but thread_
    std::condition_variable changed_;
    batch queue_;
    bool closing_ = false;
    std::size_t stored_ = 0;
    std::optional<std::string> failure_;
    std::thread thread_;
};

}  // namespace firstfin::store
