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

}  // namespace

master::master(invocation asked)
    : asked_(std::move(asked)), now_(load(asked_)), sockets_(now_.all->settings(), now_.worker_count(), {}) {
    std::ignore = user();
}

std::vector<std::string> master::addresses() const {
    std::vector<std::string> out;
    for (const auto& each : now_.all->settings().listens)
        out.push_back(each.text);
    return out;
}

worker_user master::user() const {
    return worker_user(now_.core().user.value);
}

void master::note_configuration() {
    for (const auto& each : now_.all->notes())
        now_.log.write(log_level::warn, each);
    const auto connections = now_.core().worker_connections.value;
    const auto limit = now_.core().worker_rlimit_nofile.value.value_or(static_cast<std::int64_t>(descriptor_limit()));
    if (connections > limit)
        now_.log.write(log_level::warn,
                       fmt::format("{} worker_connections exceed open file resource limit: {}", connections, limit));
    if (!now_.core().user.is_default() && ::geteuid() != 0)
        now_.log.write(log_level::warn,
                       "the \"user\" directive makes sense only if the master process runs with super-user privileges, "
                       "ignored");
}

int master::serve() {
    const auto signals = master_signals();
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    pid_ = pid_file(now_.pid_path);
    note_configuration();
    now_.log.write(log_level::notice, "using the \"epoll\" event method");
    if (!wants_workers()) {
        nginx::serve(*now_.all, sockets_.for_worker(0), now_.log);
        return 0;
    }
    start_workers();
    while (state_ == master_state::serving || !workers_.empty())
        await_signal();
    return exit_code_;
}

void master::start_workers() {
    now_.log.write(log_level::notice, "start worker processes");
    for (unsigned i = 0; i < now_.worker_count(); ++i)
        start_worker(i);
}

void master::start_worker(unsigned number) {
    workers_.start(number, [this, number] { return work(number); });
    now_.log.write(log_level::notice, fmt::format("start worker process {}", workers_.serving().back()));
}

/// In the child.
int master::work(unsigned number) {
    const pid_t parent = ::getppid();
    try {
        auto sockets = sockets_.for_worker(number);
        sockets_ = {};
        const auto& limit = now_.core().worker_rlimit_nofile.value;
        if (limit && !set_descriptor_limit(static_cast<std::uint64_t>(*limit)))
            now_.log.write(log_level::alert, fmt::format("setrlimit(RLIMIT_NOFILE, {}) failed ({}: {})", *limit, errno,
                                                         std::strerror(errno)));
        if (::geteuid() == 0) user().become();
        // Behind the change of user, which undoes it.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) return 0;
        nginx::serve(*now_.all, sockets, now_.log);
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
    if (number != SIGCHLD)
        now_.log.write(log_level::notice,
                       fmt::format("signal {} ({}) received from {}", number, ::sigabbrev_np(number), what.si_pid));
    act(reaction_to(number, state_));
}

void master::act(reaction what) {
    switch (what) {
        case reaction::none:
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
            now_.log.reopen();
            now_.all->reopen_logs();
            return workers_.signal_all(SIGUSR1);
        case reaction::retire_workers:
            without_workers_ = true;
            return workers_.retire(SIGQUIT);
        case reaction::refuse_upgrade:
            now_.log.write(log_level::alert, "there is no other program to change to: start it beside this one");
            return;
    }
}

// A configuration that is refused changes nothing: the old one goes on.
void master::reload() {
    now_.log.write(log_level::notice, "reconfiguring");
    try {
        auto next = load(asked_);
        listening_sockets opened(next.all->settings(), next.worker_count(), sockets_);
        if (next.pid_path != pid_.path()) pid_ = pid_file(next.pid_path);
        std::swap(now_, next);
        sockets_ = std::move(opened);
    } catch (const std::exception& refused) {
        now_.log.write(log_level::emerg, refused.what());
        return;
    }
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
            now_.log.write(log_level::alert, fmt::format("worker process {} cannot be respawned", each.pid));
            exit_code_ = 3;
            if (workers_.empty()) state_ = master_state::stopping;
            continue;
        }
        start_worker(each.number);
    }
}

}  // namespace firstfin::nginx
