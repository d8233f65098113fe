#include "server/nginx/master/worker_processes.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "core/parse_error.hpp"

namespace firstfin::nginx {

void worker_processes::start(unsigned number, const std::function<int()>& work) {
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child < 0)
        throw environment_lacks(
            fmt::format("fork() failed while spawning \"worker process\" ({}: {})", errno, std::strerror(errno)));
    if (child == 0) {
        ::prctl(PR_SET_NAME, "firstfin-worker");
        all_.clear();
        const int code = work();
        std::fflush(nullptr);
        ::_exit(code);
    }
    all_.push_back({child, number, false});
}

std::vector<worker_processes::ended> worker_processes::reap() {
    std::vector<ended> out;
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
        const auto one = std::ranges::find(all_, pid, &worker::pid);
        if (one == all_.end()) continue;
        out.push_back({pid, one->number, status, one->leaving});
        all_.erase(one);
    }
    return out;
}

void worker_processes::signal_all(int number) const {
    for (const auto& each : all_)
        ::kill(each.pid, number);
}

void worker_processes::retire(int signal) {
    for (auto& each : all_) {
        each.leaving = true;
        ::kill(each.pid, signal);
    }
}

void worker_processes::adopt(worker_processes&& others) {
    all_.insert(all_.end(), others.all_.begin(), others.all_.end());
    others.all_.clear();
}

std::vector<pid_t> worker_processes::serving() const {
    std::vector<pid_t> out;
    for (const auto& each : all_)
        if (!each.leaving) out.push_back(each.pid);
    return out;
}

std::string in_words(const worker_processes::ended& one) {
    if (WIFSIGNALED(one.status))
        return fmt::format("worker process {} exited on signal {}", one.pid, WTERMSIG(one.status));
    return fmt::format("worker process {} exited with code {}", one.pid, WEXITSTATUS(one.status));
}

}  // namespace firstfin::nginx
