#include "server/nginx/master/signal_reaction.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace firstfin::nginx {
namespace {

TEST(SignalReaction, OfAMasterThatServes) {
    constexpr auto now = master_state::serving;
    EXPECT_EQ(reaction_to(SIGHUP, now), reaction::reload);
    EXPECT_EQ(reaction_to(SIGTERM, now), reaction::stop);
    EXPECT_EQ(reaction_to(SIGINT, now), reaction::stop);
    EXPECT_EQ(reaction_to(SIGQUIT, now), reaction::quit);
    EXPECT_EQ(reaction_to(SIGUSR1, now), reaction::reopen_logs);
    EXPECT_EQ(reaction_to(SIGUSR2, now), reaction::refuse_upgrade);
    EXPECT_EQ(reaction_to(SIGWINCH, now), reaction::retire_workers);
    EXPECT_EQ(reaction_to(SIGCHLD, now), reaction::reap);
    EXPECT_EQ(reaction_to(SIGALRM, now), reaction::none);
}

TEST(SignalReaction, OnceItQuitsOnlyAStopIsMoreUrgent) {
    constexpr auto now = master_state::quitting;
    EXPECT_EQ(reaction_to(SIGHUP, now), reaction::none);
    EXPECT_EQ(reaction_to(SIGQUIT, now), reaction::none);
    EXPECT_EQ(reaction_to(SIGWINCH, now), reaction::none);
    EXPECT_EQ(reaction_to(SIGTERM, now), reaction::stop);
    EXPECT_EQ(reaction_to(SIGCHLD, now), reaction::reap);
}

}  // namespace
}  // namespace firstfin::nginx
