#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/sandbox/exit_status.hpp"
#include "harness/sandbox/network_namespace.hpp"
#include "harness/sandbox/pid_namespace.hpp"
#include "harness/sandbox/scratch_folder.hpp"

namespace firstfin::sandbox {

enum class stream { inherited, devnull, pipe };

struct child_options {
    std::string program;  ///< a path; PATH is not searched
    std::vector<std::string> arguments = {};
    std::map<std::string, std::string> environment = {};  ///< on top of ours
    const network_namespace* network = nullptr;
    const pid_namespace* processes = nullptr;  ///< the child then has its own /proc, which shows this namespace alone
    /// Its working folder, at scratch_folder::path(); needs `processes`. Outlives the start alone.
    const scratch_folder* scratch = nullptr;
    stream standard_input = stream::devnull;
    stream standard_output = stream::devnull;
    stream standard_error = stream::inherited;
};

/// A program in a sandbox, from execve to its reaping. It is in a session of its own: Ctrl-C at the terminal reaches
/// the harness alone, which then ends its children in its own order.
class child_process {
public:
    /// Returns when the program is running. Throws when it cannot be, naming the program and the step that failed.
    [[nodiscard]] static child_process start(const child_options& options);

    child_process(child_process&& other) noexcept;
    child_process& operator=(child_process&& other) noexcept;
    /// Kills and reaps. What the program forked is ended by its PID namespace, not from here.
    ~child_process();

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    /// Becomes readable when the child has ended: for an event loop.
    [[nodiscard]] int pidfd() const noexcept { return pidfd_.get(); }

    // Our ends of the pipes, non-blocking; empty for streams that are not pipes. Take one over with release() or a
    // move.
    [[nodiscard]] unique_fd& stdin_fd() noexcept { return stdin_; }
    [[nodiscard]] unique_fd& stdout_fd() noexcept { return stdout_; }
    [[nodiscard]] unique_fd& stderr_fd() noexcept { return stderr_; }
    void close_stdin() noexcept { stdin_.reset(); }

    /// Does nothing when the child has ended.
    void signal(int number);
    [[nodiscard]] std::optional<exit_status> try_wait() { return wait_for(std::chrono::milliseconds(0)); }
    [[nodiscard]] std::optional<exit_status> wait_for(std::chrono::milliseconds limit);
    exit_status wait();

private:
    child_process() = default;
    void end() noexcept;
    exit_status reap();

    pid_t pid_ = -1;
    std::optional<exit_status> status_;
    unique_fd pidfd_;
    unique_fd stdin_;
    unique_fd stdout_;
    unique_fd stderr_;
};

}  // namespace firstfin::sandbox
