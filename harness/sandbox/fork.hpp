#pragma once

#include <signal.h>
#include <unistd.h>

#include "harness/sandbox/system_call.hpp"

// fork() the only way this project does it: from a process of one thread (the others would vanish in the child with
// their locks held), and with every signal blocked until the child has forgotten the parent's handlers.
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
pid_t fork_to(std::string_view purpose, Child child) {
    require_single_thread(purpose);
    const detail::all_signals_blocked quiet;
    const pid_t pid = ::fork();
    if (pid == 0) {
        detail::forget_signals();
        [&child]() noexcept { child(); }();  // an exception must not go on into the copy of our callers
        ::_exit(127);
    }
    return check(purpose, pid);
}

}  // namespace firstfin::sandbox
