#pragma once

#include <array>
#include <string>
#include <vector>

#include "harness/sandbox/child_process.hpp"

namespace firstfin::sandbox::detail {

/// Everything the child needs between fork and execve, made beforehand: after the fork it may not allocate, and does
/// nothing but system calls.
class exec_plan {
public:
    /// `streams` are the descriptors to become 0, 1 and 2; -1 leaves one as it is.
    exec_plan(const child_options& options, const std::array<int, 3>& streams, int failure_report);
    exec_plan(const exec_plan&) = delete;
    exec_plan& operator=(const exec_plan&) = delete;

    /// Runs in the child. Returns only after a failure, which is then in the report.
    void run() const noexcept;

    /// What `run` writes into the report.
    struct failure {
        int step;
        int error;
    };
    static std::string describe(const failure& what, const std::string& program);

private:
    std::vector<std::string> text_;  // owns what the two arrays point to
    std::vector<char*> arguments_;
    std::vector<char*> environment_;
    int network_;
    bool own_proc_;
    int scratch_;
    std::string scratch_path_;
    pid_t parent_as_seen_;
    std::array<int, 3> streams_;
    int failure_report_;
};

}  // namespace firstfin::sandbox::detail
