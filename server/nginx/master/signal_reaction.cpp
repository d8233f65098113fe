#include "server/nginx/master/signal_reaction.hpp"

#include <csignal>

namespace firstfin::nginx {

reaction reaction_to(int signal, master_state now) {
    switch (signal) {
        case SIGCHLD:
            return reaction::reap;
        case SIGTERM:
        case SIGINT:
            return reaction::stop;
        case SIGQUIT:
            return now == master_state::serving ? reaction::quit : reaction::none;
        case SIGUSR1:
            return reaction::reopen_logs;
        case SIGHUP:
            return now == master_state::serving ? reaction::reload : reaction::none;
        case SIGWINCH:
            return now == master_state::serving ? reaction::retire_workers : reaction::none;
        case SIGUSR2:
            return reaction::refuse_upgrade;
        default:
            return reaction::none;
    }
}

}  // namespace firstfin::nginx
