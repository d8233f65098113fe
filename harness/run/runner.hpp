#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "harness/run/job.hpp"

namespace firstfin::run {

/// What became of the execution as a whole.
struct outcome {
    bool interrupted = false;
    std::string stopped_by;  ///< why the runner gave up (disk full); empty: it did not
};

/// Shows how far the jobs are; called a few times a second.
class progress_display {
public:
    virtual ~progress_display() = default;
    virtual void show(const std::vector<std::unique_ptr<job>>& jobs, duration elapsed) = 0;
    virtual void clear() = 0;
};

/// Runs all jobs at once on one loop, until every trial has its verdict or the user stops it (Ctrl-C, SIGTERM). Results
/// are in the jobs' stores afterwards, whatever happened.
[[nodiscard]] outcome run_all(std::vector<std::unique_ptr<job>>& jobs, sandbox::kind where,
                              const role_programs& programs, progress_display& progress,
                              const std::function<void()>& results_are_in);

}  // namespace firstfin::run
