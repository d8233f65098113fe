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
    /// Reads the configuration. Throws as load() does; `first` is for what is to be said until there is a log.
    master(invocation asked, const error_log& first);

    [[nodiscard]] const error_log& log() const { return now_.log; }
    [[nodiscard]] bool wants_daemon() const { return now_.core().daemon.value; }
    [[nodiscard]] bool wants_workers() const { return now_.core().master_process.value; }
    [[nodiscard]] std::vector<std::string> addresses() const;

    /// Clients may connect from here on. Throws environment_lacks.
    void open_sockets();
    /// In the process that is to serve: signals wait for serve(), and the pid file says who it is. Throws
    /// environment_lacks.
    void settle();
    /// Serves until it is told to end; answers the exit code.
    int serve();

private:
    void note_configuration() const;
    [[nodiscard]] placement where() const { return wants_daemon_ ? placement::daemon : placement::foreground; }
    void start_workers();
    void start_worker(unsigned number);
    [[nodiscard]] int work(unsigned number, pid_t parent);
    void act(reaction what);
    void reload();
    void reopen_logs();
    void reap();
    void await_signal();

    invocation asked_;
    loaded now_;
    listening_sockets sockets_;
    pid_file pid_;
    worker_processes workers_;
    master_state state_ = master_state::serving;
    int exit_code_ = 0;
    bool wants_daemon_;             ///< of the first configuration: a reload does not change that
    bool without_workers_ = false;  ///< WINCH: nobody shall serve
};

}  // namespace firstfin::nginx
