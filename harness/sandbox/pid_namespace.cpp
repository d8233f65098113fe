#include "harness/sandbox/pid_namespace.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <exception>

#include "harness/sandbox/fork.hpp"
#include "harness/sandbox/pidfd.hpp"

namespace firstfin::sandbox {

namespace {

constexpr int end_deadline_ms = 5'000;

}  // namespace

namespace detail {

// Two independent triggers: PDEATHSIG (immediate, but lost if the parent died before this prctl) and the pipe's EOF.
void wait_for_harness_to_end(int lifeline) noexcept {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_NAME, "firstfin-init");
    ::signal(SIGCHLD, SIG_IGN);  // orphans handed to us are reaped by the kernel
    // No exec follows, so close-on-exec does not help: a copy of any pipe of the harness kept in here would hide its
    // EOF.
    ::dup2(lifeline, 0);
    ::close_range(1, ~0U, 0);
    char byte = 0;
    while (::read(0, &byte, 1) < 0 && errno == EINTR) {
    }
    ::_exit(0);
}

}  // namespace detail

pid_namespace::pid_namespace() {
    std::array<int, 2> ends{};
    check("make init's lifeline", ::pipe2(ends.data(), O_CLOEXEC));
    const unique_fd inits_end(ends[0]);
    lifeline_.reset(ends[1]);
    {
        pid_for_children_scope elsewhere;
        elsewhere.enter_new();
        init_ = fork_to_system_calls("start the init of a PID namespace",
                                     [&] { detail::wait_for_harness_to_end(inits_end.get()); });
    }
    try {
        init_end_ = open_pidfd(init_);
        const auto path = fmt::format("/proc/{}/ns/pid", init_);
        namespace_.reset(check("open", path, ::open(path.c_str(), O_RDONLY | O_CLOEXEC)));
    } catch (...) {
        ::kill(init_, SIGKILL);
        ::waitpid(init_, nullptr, 0);
        throw;
    }
}

pid_namespace::pid_namespace(pid_namespace&& other) noexcept
    : init_(std::exchange(other.init_, -1)),
      lifeline_(std::move(other.lifeline_)),
      init_end_(std::move(other.init_end_)),
      namespace_(std::move(other.namespace_)) {}

void pid_namespace::kill_all() noexcept {
    if (init_ >= 0) ::kill(init_, SIGKILL);
}

bool pid_namespace::has_ended() const noexcept {
    pollfd ended{init_end_.get(), POLLIN, 0};
    return ::poll(&ended, 1, 0) == 1;
}

pid_namespace::~pid_namespace() {
    if (init_ < 0) return;
    ::kill(init_, SIGKILL);
    pollfd ended{init_end_.get(), POLLIN, 0};
    int ready = 0;
    do
        ready = ::poll(&ended, 1, end_deadline_ms);
    while (ready < 0 && errno == EINTR);
    // Every process inside is dead by now. Init itself cannot end while a zombie waits for a parent outside.
    if (ready == 1)
        ::waitpid(init_, nullptr, 0);
    else
        std::fputs("firstfin: a PID namespace does not end: a child_process in it was not reaped\n", stderr);
}

pid_for_children_scope::pid_for_children_scope()
    : home_(check("open /proc/thread-self/ns/pid_for_children",
                  ::open("/proc/thread-self/ns/pid_for_children", O_RDONLY | O_CLOEXEC))) {}

void pid_for_children_scope::enter(const pid_namespace& inside) {
    check("enter a PID namespace", ::setns(inside.fd(), CLONE_NEWPID));
    left_ = true;
}

void pid_for_children_scope::enter_new() {
    check("make a PID namespace and come back", ::setns(home_.get(), CLONE_NEWPID));  // or there would be no way back
    check("make a PID namespace", ::unshare(CLONE_NEWPID));
    left_ = true;
}

pid_for_children_scope::~pid_for_children_scope() {
    if (!left_ || ::setns(home_.get(), CLONE_NEWPID) == 0) return;
    std::perror("firstfin: cannot return to the own PID namespace");
    std::terminate();  // the next child would be born in the wrong place, and no thread could start
}

}  // namespace firstfin::sandbox
