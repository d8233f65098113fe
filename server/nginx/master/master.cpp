#include "server/nginx/master/master.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include "core/descriptor_limit.hpp"
#include "core/parse_error.hpp"
#include "core/version.hpp"

namespace firstfin::nginx {

namespace {

constexpr auto new_workers_begin = std::chrono::milliseconds(100);  // nginx's own pause before the old ones go
constexpr int cannot_begin = 2;                                     // a worker's exit code: another one would fail, too

sigset_t master_signals() {
    sigset_t out;
    ::sigemptyset(&out);
    for (const int each : {SIGCHLD, SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH})
        ::sigaddset(&out, each);
    return out;
}

// A terminal tells all its processes when its window changes. To a daemon's worker the same signal says: quit.
void leave_window_changes_alone() {
    sigset_t window;
    ::sigemptyset(&window);
    ::sigaddset(&window, SIGWINCH);
    ::sigprocmask(SIG_UNBLOCK, &window, nullptr);
}

}  // namespace

master::master(invocation asked, const error_log& first)
    : asked_(std::move(asked)), now_(load(asked_, first)), wants_daemon_(now_.core().daemon.value) {
    now_.log = std::move(now_.log).while_starting();
}

std::vector<std::string> master::addresses() const {
    std::vector<std::string> out;
    for (const auto& each : now_.all->settings().listens)
        out.push_back(each.text);
    return out;
}

void master::note_configuration() const {
    for (const auto& each : now_.all->notes())
        now_.log.write(log_level::warn, each);
    const auto connections = now_.core().worker_connections.value;
    const auto limit = now_.core().worker_rlimit_nofile.value.value_or(static_cast<std::int64_t>(descriptor_limit()));
    if (connections > limit)
        now_.log.write(log_level::warn,
                       fmt::format("{} worker_connections exceed open file resource limit: {}", connections, limit));
}

void master::open_sockets() {
    note_configuration();
    sockets_ = listening_sockets(now_.all->settings(), now_.worker_count(), {}, now_.log);
}

void master::settle() {
    const auto signals = master_signals();
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // a log may be a pipe
    pid_ = pid_file(now_.pid_path);
}

int master::serve() {
    now_.log.take_standard_error();
    now_.log.write(log_level::notice, "using the \"epoll\" event method");
    now_.log.write(log_level::notice,
                   fmt::format("nginx/{}, as firstfin {} does it", to_text(asked_.version), firstfin::version));
    if (!wants_workers()) {
        nginx::serve(*now_.all, sockets_.for_worker(0), now_.log);
    } else {
        start_workers();
        while (state_ == master_state::serving || !workers_.empty())
            await_signal();
    }
    now_.log.write(log_level::notice, "exit");
    return exit_code_;
}

void master::start_workers() {
    now_.log.write(log_level::notice, "start worker processes");
    for (unsigned i = 0; i < now_.worker_count(); ++i)
        start_worker(i);
}

void master::start_worker(unsigned number) {
    try {
        workers_.start(number, [this, number, parent = ::getpid()] { return work(number, parent); });
        now_.log.write(log_level::notice, fmt::format("start worker process {}", workers_.serving().back()));
    } catch (const environment_lacks& failed) {
        now_.log.write(log_level::alert, failed.what());  // the others go on
    }
}

/// In the child.
int master::work(unsigned number, pid_t parent) {
    try {
        auto sockets = sockets_.for_worker(number);
        sockets_ = {};
        const auto& limit = now_.core().worker_rlimit_nofile.value;
        if (limit && !set_descriptor_limit(static_cast<std::uint64_t>(*limit)))
            now_.log.write(log_level::alert, fmt::format("setrlimit(RLIMIT_NOFILE, {}) failed ({}: {})", *limit, errno,
                                                         std::strerror(errno)));
        if (::geteuid() == 0) now_.user.become();
        // Behind the change of user, which undoes it.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) return 0;
        if (where() == placement::foreground) leave_window_changes_alone();
        nginx::serve(*now_.all, sockets, now_.log);
        now_.log.write(log_level::notice, "exit");
        return 0;
    } catch (const std::exception& failed) {
        now_.log.write(log_level::emerg, failed.what());
        return cannot_begin;
    }
}

void master::await_signal() {
    const auto signals = master_signals();
    siginfo_t what{};
    int number = 0;
    if (state_ == master_state::stopping) {
        // Workers end at once when told to; one that does not is stuck.
        const timespec patience{1, 0};
        number = ::sigtimedwait(&signals, &what, &patience);
        if (number < 0) return workers_.signal_all(SIGKILL);
    } else {
        number = ::sigwaitinfo(&signals, &what);
        if (number < 0) return;
    }
    const auto answer = reaction_to(number, state_, where());
    now_.log.write(log_level::notice, in_words(number, what.si_pid, answer));
    act(answer);
}

void master::act(reaction what) {
    switch (what) {
        case reaction::none:
        case reaction::refuse_upgrade:
            return;
        case reaction::reap:
            return reap();
        case reaction::reload:
            return reload();
        case reaction::stop:
            state_ = master_state::stopping;
            return workers_.retire(SIGTERM);
        case reaction::quit:
            state_ = master_state::quitting;
            workers_.retire(SIGQUIT);
            sockets_ = {};
            return;
        case reaction::reopen_logs:
            now_.log.write(log_level::notice, "reopening logs");
            reopen_logs();
            return workers_.signal_all(SIGUSR1);
        case reaction::retire_workers:
            without_workers_ = true;
            return workers_.retire(SIGQUIT);
    }
}

// Workers open them again, too, and may be nobody.
void master::reopen_logs() {
    const auto owner = ::geteuid() == 0 ? now_.user.uid() : static_cast<uid_t>(-1);
    now_.log.reopen(owner);
    now_.all->reopen_logs(owner);
}

// A configuration that is refused changes nothing: the old one goes on.
void master::reload() {
    now_.log.write(log_level::notice, "reconfiguring");
    try {
        auto next = load(asked_, now_.log);
        listening_sockets opened(next.all->settings(), next.worker_count(), sockets_, next.log);
        if (next.pid_path != pid_.path()) pid_ = pid_file(next.pid_path);
        std::swap(now_, next);
        sockets_ = std::move(opened);
    } catch (const refused&) {
        return;
    } catch (const std::exception& failed) {
        now_.log.write(log_level::emerg, failed.what());
        return;
    }
    now_.log.take_standard_error();
    now_.log.write(log_level::notice, "using the \"epoll\" event method");
    note_configuration();
    without_workers_ = false;
    auto old = std::exchange(workers_, {});
    start_workers();
    std::this_thread::sleep_for(new_workers_begin);
    old.retire(SIGQUIT);
    workers_.adopt(std::move(old));
}

void master::reap() {
    for (const auto& each : workers_.reap()) {
        now_.log.write(WIFSIGNALED(each.status) ? log_level::alert : log_level::notice, in_words(each));
        if (each.was_leaving || state_ != master_state::serving || without_workers_) continue;
        if (WIFEXITED(each.status) && WEXITSTATUS(each.status) == cannot_begin) {
            now_.log.write(log_level::alert,
                           fmt::format("worker process {} exited with fatal code {} and cannot be respawned", each.pid,
                                       cannot_begin));
            exit_code_ = 1;
            if (workers_.empty()) state_ = master_state::stopping;
            continue;
        }
        start_worker(each.number);
    }
}

}  // namespace firstfin::nginx
