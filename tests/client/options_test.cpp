// What the command line makes of a person's words. Refusals are tested on the program (program_test.cpp).
#include "client/options.hpp"

#include <gtest/gtest.h>

#include "core/profile.hpp"

namespace firstfin::client {
namespace {

using namespace std::chrono_literals;

by_hand_order read(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "firstfin-client");
    arguments.push_back("http://127.0.0.1:8080/x");
    return std::get<by_hand_order>(read_options(static_cast<int>(arguments.size()), arguments.data()));
}

TEST(Options, DefaultsAreThoseOfThePolicy) {
    const auto order = read({});
    EXPECT_EQ(order.policy, client_policy{});
    scenario what;
    what.path = "/x";
    EXPECT_EQ(order.scenario, what);
    EXPECT_EQ(order.connections, 1U);
    EXPECT_TRUE(order.source.is_unspecified());
    EXPECT_FALSE(order.events_as_json);
}

// Whoever adds a field to a policy or scenario gets its option for nothing; this test asks for one of each all the
// same.
TEST(Options, EveryFieldHasOne) {
    const auto order = read({"--idle-timeout", "1s",     "--close-mode",      "lazy",
                             "--close-window", "1s..2s", "--unused-timeout",  "3s",
                             "--hint",         "follow", "--hint-slack",      "4s",
                             "--hint-cap",     "5s",     "--max-requests",    "6",
                             "--retry",        "all",    "--notices-fin",     "lazy",
                             "--close-style",  "rst",    "--on-close-header", "wait",
                             "--scenario",     "raw",    "--requests",        "7",
                             "--gap",          "8s",     "--jitter",          "9s",
                             "--method",       "PUT",    "--abort-at",        "in_flight",
                             "--raw",          "x\r\n",  "--connections",     "10",
                             "--seed",         "11",     "--source",          "127.0.0.2",
                             "--json"});
    client_policy policy;
    policy.idle_timeout = 1s;
    policy.mode = close_mode::lazy;
    policy.close_window = time_window{1s, 2s};
    policy.unused_timeout = 3s;
    policy.hint = hint_use::follow;
    policy.hint_slack = 4s;
    policy.hint_cap = 5s;
    policy.max_requests.value = 6;
    policy.retry = retry_rule::all;
    policy.notices_fin = fin_notice::lazy;
    policy.close_style = client_close_style::rst;
    policy.on_close_header = close_header_reaction::wait;
    EXPECT_EQ(order.policy, policy);
    scenario what;
    what.kind = scenario_kind::raw;
    what.requests = 7;
    what.gap = 8s;
    what.jitter = 9s;
    what.method = "PUT";
    what.path = "/x";
    what.abort_at = abort_moment::in_flight;
    what.raw = "x\r\n";
    EXPECT_EQ(order.scenario, what);
    EXPECT_EQ(order.connections, 10U);
    EXPECT_EQ(order.seed, 11U);
    EXPECT_EQ(order.source.to_string(), "127.0.0.2");
    EXPECT_TRUE(order.events_as_json);
}

class Profiles : public ::testing::Test {
protected:
    void SetUp() override {
        try {
            (void)experiments_folder();
        } catch (const environment_lacks& missing) {
            GTEST_SKIP() << missing.what();
        }
    }
};

TEST_F(Profiles, AreTheStartingPoint) {
    const auto firefox = catalogue::load_installed().client("firefox").client.value();
    EXPECT_EQ(read({"--profile", "firefox"}).policy, firefox);
    const auto rst = read({"--profile", "firefox", "--close-style", "rst"}).policy;
    EXPECT_EQ(rst.close_style, client_close_style::rst);
    EXPECT_EQ(rst.close_window, firefox.close_window);
}

TEST_F(Profiles, WindowMovesWithANewLimit) {
    const auto firefox = catalogue::load_installed().client("firefox").client.value();
    ASSERT_TRUE(firefox.close_window);
    EXPECT_EQ(read({"--profile", "firefox", "--idle-timeout", "5s"}).policy, with_idle_timeout(firefox, 5s));
    EXPECT_EQ(read({"--profile", "firefox", "--idle-timeout", "5s", "--close-window", "5s..6s"}).policy.close_window,
              (time_window{5s, 6s}));
    EXPECT_EQ(read({"--profile", "firefox", "--idle-timeout", "5s", "--close-window", "none"}).policy.close_window,
              std::nullopt);
}

TEST_F(Profiles, UnknownOnesAreRefused) {
    EXPECT_THROW((void)read({"--profile", "netscape"}), bad_input);
}

}  // namespace
}  // namespace firstfin::client
