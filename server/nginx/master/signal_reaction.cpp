#include "server/nginx/master/signal_reaction.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstring>

namespace firstfin::nginx {

namespace {

const char* ending_of(reaction what) {
    switch (what) {
        case reaction::reload:
            return ", reconfiguring";
        case reaction::stop:
            return ", exiting";
        case reaction::quit:
            return ", shutting down";
        case reaction::reopen_logs:
            return ", reopening logs";
        case reaction::retire_workers:
            return ", stop accepting connections";
        case reaction::refuse_upgrade:
            return ", ignoring: there is no other program to change to, start it beside this one";
        case reaction::none:
        case reaction::reap:
            break;
    }
    return "";
}

}  // namespace

reaction reaction_to(int signal, master_state now, placement where) {
    const bool serving = now == master_state::serving;
    switch (signal) {
        case SIGCHLD:
            return reaction::reap;
        case SIGTERM:
        case SIGINT:
            return reaction::stop;
        case SIGQUIT:
            return serving ? reaction::quit : reaction::none;
        case SIGUSR1:
            return reaction::reopen_logs;
        case SIGHUP:
            return serving ? reaction::reload : reaction::none;
        case SIGWINCH:
            return serving && where == placement::daemon ? reaction::retire_workers : reaction::none;
        case SIGUSR2:
            return reaction::refuse_upgrade;
        default:
            return reaction::none;
    }
}

std::string in_words(int signal, int sender, reaction what) {
    const char* name = ::sigabbrev_np(signal);
    const auto from = sender == 0 ? std::string() : fmt::format(" from {}", sender);
    return fmt::format("signal {} (SIG{}) received{}{}", signal, name == nullptr ? "?" : name, from, ending_of(what));
}

}  // namespace firstfin::nginx
