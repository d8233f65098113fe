#include "server/nginx/worker.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <deque>

#include "server/nginx/acceptor.hpp"
#include "server/nginx/connection.hpp"

namespace firstfin::nginx {

namespace {

/// The signals of a worker, as events. What they ask for is done between rounds.
class signals final : public event_source {
public:
    explicit signals(event_loop& loop) {
        sigset_t mask;
        ::sigemptyset(&mask);
        for (const int each : {SIGQUIT, SIGTERM, SIGINT, SIGUSR1, SIGWINCH})
            ::sigaddset(&mask, each);
        fd_ = ::signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
        loop.watch(fd_, *this, EPOLLIN);
    }
    ~signals() { ::close(fd_); }

    void on_events(std::uint32_t /*events*/) override {
        signalfd_siginfo what{};
        while (::read(fd_, &what, sizeof what) == sizeof what) {
            const auto number = static_cast<int>(what.ssi_signo);
            terminate = terminate || number == SIGTERM || number == SIGINT;
            quit = quit || number == SIGQUIT || number == SIGWINCH;
            reopen = reopen || number == SIGUSR1;
        }
    }

    bool terminate = false;
    bool quit = false;
    bool reopen = false;

private:
    int fd_ = -1;
};

/// worker_shutdown_timeout.
class shutdown_timer final : public deadline_queue::hook {
public:
    explicit shutdown_timer(connection_table& table) : table_(table) {}

private:
    void on_deadline(duration /*lateness*/) override {
        table_.for_each([](table_entry& one) { static_cast<connection&>(one).end_anyhow(); });
    }
    connection_table& table_;
};

}  // namespace

void serve(site& all, const std::vector<listening_socket>& sockets, error_log& log) {
    std::signal(SIGPIPE, SIG_IGN);  // sendfile() knows no MSG_NOSIGNAL
    const auto& core = all.settings().core;
    const auto slots = static_cast<std::size_t>(core.worker_connections.value);
    constexpr std::size_t channel = 1;  // nginx's workers have one to their master
    worker_state worker(all, log, slots, sockets.size() + channel);
    signals asked(worker.loop);
    shutdown_timer ends_all(worker.table);
    std::uint64_t numbers = 0;
    std::deque<acceptor> acceptors;
    for (const auto& each : sockets)
        acceptors.emplace_back(worker, each, numbers);

    while (!asked.terminate) {
        worker.loop.run_round();
        worker.table.bury();
        if (std::exchange(asked.reopen, false)) {
            log.write(log_level::notice, "reopening logs");
            log.reopen();
            all.reopen_logs();
        }
        if (asked.quit && !worker.exiting) {
            worker.exiting = true;
            log.write(log_level::notice, "gracefully shutting down");
            acceptors.clear();
            if (!core.worker_shutdown_timeout.value.is_never())
                worker.loop.arm(ends_all, core.worker_shutdown_timeout.value.value());
            worker.table.for_each([](table_entry& one) { static_cast<connection&>(one).end_if_idle(); });
            worker.table.bury();
        }
        if (worker.exiting && worker.table.size() == 0) return;
    }
}

}  // namespace firstfin::nginx
