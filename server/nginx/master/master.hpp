#pragma once

#include "server/nginx/master/listening_sockets.hpp"
#include "server/nginx/master/loaded.hpp"
#include "server/nginx/master/pid_file.hpp"
#include "server/nginx/master/signal_reaction.hpp"
#include "server/nginx/master/worker_processes.hpp"
#include "server/nginx/master/worker_user.hpp"

namespace firstfin::nginx {

/// Keeps workers at work (ngx_master_process_cycle): starts them, starts them again when they die, and changes them
/// for others at a reload. One thread that waits for signals.
class master {
public:
    /// Opens the sockets. Throws as load() and listening_sockets do.
    explicit master(invocation asked);

    [[nodiscard]] bool wants_daemon() const { return now_.core().daemon.value; }
    [[nodiscard]] bool wants_workers() const { return now_.core().master_process.value; }
    [[nodiscard]] std::vector<std::string> addresses() const;
    [[nodiscard]] const error_log& log() const { return now_.log; }

    /// Writes the pid file and serves until it is told to end; answers the exit code.
    int serve();

private:
    [[nodiscard]] worker_user user() const;
    void note_configuration();
    void start_workers();
    void start_worker(unsigned number);
    [[nodiscard]] int work(unsigned number);
    void act(reaction what);
    void reload();
    void reap();
    void await_signal();

    invocation asked_;
    loaded now_;
    listening_sockets sockets_;
    pid_file pid_;
    worker_processes workers_;
    master_state state_ = master_state::serving;
    int exit_code_ = 0;
    bool without_workers_ = false;  ///< WINCH: nobody shall serve
};

}  // namespace firstfin::nginx
