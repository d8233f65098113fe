#include "server/nginx/master/signal_reaction.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace firstfin::nginx {
namespace {

struct row {
    int signal;
    reaction serving;
    reaction quitting;
    reaction stopping;
};
constexpr auto none = reaction::none;
constexpr row rows[] = {
    {SIGHUP, reaction::reload, none, none},
    {SIGTERM, reaction::stop, reaction::stop, reaction::stop},
    {SIGINT, reaction::stop, reaction::stop, reaction::stop},
    {SIGQUIT, reaction::quit, none, none},
    {SIGUSR1, reaction::reopen_logs, reaction::reopen_logs, reaction::reopen_logs},
    {SIGUSR2, reaction::refuse_upgrade, reaction::refuse_upgrade, reaction::refuse_upgrade},
    {SIGWINCH, reaction::retire_workers, none, none},
    {SIGCHLD, reaction::reap, reaction::reap, reaction::reap},
    {SIGALRM, none, none, none},
};

TEST(SignalReaction, OfADaemon) {
    constexpr auto where = placement::daemon;
    for (const auto& each : rows) {
        EXPECT_EQ(reaction_to(each.signal, master_state::serving, where), each.serving) << each.signal;
        EXPECT_EQ(reaction_to(each.signal, master_state::quitting, where), each.quitting) << each.signal;
        EXPECT_EQ(reaction_to(each.signal, master_state::stopping, where), each.stopping) << each.signal;
    }
}

TEST(SignalReaction, InTheForegroundAWindowThatChangesIsNoOrder) {
    constexpr auto where = placement::foreground;
    for (const auto& each : rows)
        EXPECT_EQ(reaction_to(each.signal, master_state::serving, where),
                  each.signal == SIGWINCH ? reaction::none : each.serving)
            << each.signal;
}

TEST(SignalReaction, IsLoggedInNginxsWords) {
    EXPECT_EQ(in_words(SIGHUP, 12, reaction::reload), "signal 1 (SIGHUP) received from 12, reconfiguring");
    EXPECT_EQ(in_words(SIGTERM, 12, reaction::stop), "signal 15 (SIGTERM) received from 12, exiting");
    EXPECT_EQ(in_words(SIGQUIT, 12, reaction::quit), "signal 3 (SIGQUIT) received from 12, shutting down");
    EXPECT_EQ(in_words(SIGUSR1, 12, reaction::reopen_logs), "signal 10 (SIGUSR1) received from 12, reopening logs");
    EXPECT_EQ(in_words(SIGCHLD, 13, reaction::reap), "signal 17 (SIGCHLD) received from 13");
    EXPECT_EQ(in_words(SIGWINCH, 0, reaction::none), "signal 28 (SIGWINCH) received");
}

}  // namespace
}  // namespace firstfin::nginx
