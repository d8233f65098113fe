#pragma once

#include <signal.h>
#include <unistd.h>

#include "harness/sandbox/system_call.hpp"

// fork() the only way this project does it: with every signal blocked until the child has forgotten the parent's
// handlers. Of several threads the child has one alone, and the locks that the others held.
namespace firstfin::sandbox {

/// Throws when the process has more than one thread; says what for.
void require_single_thread(std::string_view purpose);

namespace detail {

class all_signals_blocked {
public:
    all_signals_blocked() noexcept;
    ~all_signals_blocked();
    all_signals_blocked(const all_signals_blocked&) = delete;
    all_signals_blocked& operator=(const all_signals_blocked&) = delete;

private:
    sigset_t before_;
};

/// Default dispositions and an empty mask: what a program expects to be born with.
void forget_signals() noexcept;

}  // namespace detail

/// `child` runs in the child and must use async-signal-safe calls only; should it return, the child exits with 127.
template <class Child>
pid_t fork_to_system_calls(std::string_view purpose, Child child) {
    const detail::all_signals_blocked quiet;
    const pid_t pid = ::fork();
    if (pid == 0) {
        detail::forget_signals();
        [&child]() noexcept { child(); }();  // an exception must not go on into the copy of our callers
        ::_exit(127);
    }
    return check(purpose, pid);
}

/// The same for a child that may do anything: only from a process of one thread.
template <class Child>
pid_t fork_to(std::string_view purpose, Child child) {
    require_single_thread(purpose);
    return fork_to_system_calls(purpose, std::move(child));
}

}  // namespace firstfin::sandbox
