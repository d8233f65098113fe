#pragma once

#include <sys/types.h>

#include "harness/sandbox/system_call.hpp"

namespace firstfin::sandbox {

/// A PID namespace whose init is a tiny child of ours that waits for our end. When this object goes, or the harness
/// dies in any way, init goes, and the kernel kills every process inside: also the workers of a daemon that forked,
/// which no signal to the daemon itself would reach.
class pid_namespace {
public:
    pid_namespace();
    /// The child_process objects inside must be gone: a namespace ends only when its zombies are reaped, and that is
    /// theirs to do.
    ~pid_namespace();
    pid_namespace(pid_namespace&& other) noexcept;
    pid_namespace& operator=(pid_namespace&&) = delete;

    /// Kills everything inside. The destructor then has less to wait for.
    void kill_all() noexcept;
    /// Nothing inside runs any more.
    [[nodiscard]] bool has_ended() const noexcept;

    [[nodiscard]] int fd() const noexcept { return namespace_.get(); }
    [[nodiscard]] pid_t init_pid() const noexcept { return init_; }

private:
    pid_t init_ = -1;
    unique_fd lifeline_;  // write end of a pipe init reads; the kernel closes it when we die
    unique_fd init_end_;  // pidfd
    unique_fd namespace_;
};

/// Children made in the object's lifetime are born elsewhere; afterwards at home again. (Left undone, this thread could
/// not even start threads any more: they must live in their process's own namespace.)
class pid_for_children_scope {
public:
    pid_for_children_scope();
    ~pid_for_children_scope();
    pid_for_children_scope(const pid_for_children_scope&) = delete;
    pid_for_children_scope& operator=(const pid_for_children_scope&) = delete;

    void enter(const pid_namespace& inside);
    void enter_new();

private:
    unique_fd home_;
    bool left_ = false;
};

namespace detail {
/// What the init of a PID namespace does, in a child just forked: it waits until the harness ends or `lifeline`, the
/// reading end of a pipe that the harness alone writes to, is closed.
[[noreturn]] void wait_for_harness_to_end(int lifeline) noexcept;
}  // namespace detail

}  // namespace firstfin::sandbox
