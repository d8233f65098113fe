#include "harness/sandbox/user_namespace.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <initializer_list>

#include "harness/sandbox/fork.hpp"
#include "harness/sandbox/pid_namespace.hpp"

namespace firstfin::sandbox {

namespace {

constexpr auto purpose = "go on in a user namespace";

void write_to(const char* file, const std::string& text) {
    const unique_fd out(check("open", file, ::open(file, O_WRONLY | O_CLOEXEC)));
    check("write", file, ::write(out.get(), text.data(), text.size()));
}

sigset_t set_of(std::initializer_list<int> signals) {
    sigset_t out;
    ::sigemptyset(&out);
    for (const int signal : signals)
        ::sigaddset(&out, signal);
    return out;
}

exit_status wait_and_forward(pid_t child, const sigset_t& watched) {
    for (;;) {
        siginfo_t what{};
        const int number = ::sigwaitinfo(&watched, &what);
        if (number == SIGCHLD) {
            int word = 0;
            if (::waitpid(child, &word, WNOHANG) == child) return exit_status_from_wait(word);
        } else if (number > 0 && what.si_code != SI_KERNEL) {
            // What the terminal sends (Ctrl-C) comes from the kernel, and reached the child, of the same group, too.
            ::kill(child, number);
        }
    }
}

}  // namespace

user_ids user_ids::ours() {
    return {::geteuid(), ::getegid()};
}

namespace detail {

void make_own_namespaces() {
    require_single_thread(purpose);
    check("make a user namespace", ::unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID));
}

void become_root_inside(const user_ids& outside) {
    // Without this the kernel would not let a user map groups: dropping one may open files that deny it.
    write_to("/proc/self/setgroups", "deny");
    write_to("/proc/self/uid_map", fmt::format("0 {} 1", outside.user));
    write_to("/proc/self/gid_map", fmt::format("0 {} 1", outside.group));
}

void mount_own_proc() {
    check("make a mount namespace", ::unshare(CLONE_NEWNS));
    check("make its mounts private", ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr));
    check("mount its /proc", ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr));
}

}  // namespace detail

std::optional<exit_status> continue_in_user_namespace() {
    const auto outside = user_ids::ours();
    detail::make_own_namespaces();
    detail::become_root_inside(outside);

    std::array<int, 2> ends{};
    check("make init's lifeline", ::pipe2(ends.data(), O_CLOEXEC));
    unique_fd inits_end(ends[0]);
    unique_fd lifeline(ends[1]);
    // The first child is the namespace's init. The program itself is the second: an init would not feel a signal that
    // it has no handler for, such as an early Ctrl-C.
    const pid_t init = fork_to(purpose, [&] { detail::wait_for_harness_to_end(inits_end.get()); });
    inits_end.reset();

    const auto watched = set_of({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD});
    ::signal(SIGCHLD, SIG_DFL);  // where it was ignored, the child's end would go unseen
    sigset_t before;
    ::sigprocmask(SIG_BLOCK, &watched, &before);
    std::fflush(nullptr);  // or both would print what is buffered
    const pid_t child = check(purpose, ::fork());
    if (child == 0) {
        ::sigprocmask(SIG_SETMASK, &before, nullptr);
        lifeline.reset();
        detail::mount_own_proc();
        return std::nullopt;
    }
    const auto ended = wait_and_forward(child, watched);
    lifeline.reset();
    ::waitpid(init, nullptr, 0);  // it takes with it whatever else still lives inside
    return ended;
}

void end_like(const exit_status& other) {
    if (other.ended == exit_status::by::exit) ::_exit(other.number);
    const rlimit no_second_core{};
    ::setrlimit(RLIMIT_CORE, &no_second_core);
    ::signal(other.number, SIG_DFL);
    const auto just_this = set_of({other.number});
    ::sigprocmask(SIG_UNBLOCK, &just_this, nullptr);
    ::raise(other.number);
    ::_exit(128 + other.number);
}

}  // namespace firstfin::sandbox
