#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "core/client_policy.hpp"
#include "core/scenario.hpp"
#include "core/server_policy.hpp"

namespace firstfin {
namespace {

using namespace std::chrono_literals;

// One value of each kind whose every member differs from the default.

server_policy unusual(server_policy) {
    return {.keepalive_timeout = 65s,
            .close_window = time_window{5s, 7500ms},
            .keepalive_hint = 60s,
            .keepalive_requests = {3},
            .keepalive_time = time_limit::never(),
            .header_timeout = 10s,
            .response_size = 65536,
            .response_delay = 300ms,
            .response_pace = 2s,
            .close_style = server_close_style::linger,
            .lingering_time = 31s,
            .lingering_timeout = 250us,
            .on_client_fin = client_fin_reaction::ignore};
}

client_policy unusual(client_policy) {
    return {.idle_timeout = time_limit::never(),
            .mode = close_mode::lazy,
            .close_window = time_window{115s, 125s},
            .unused_timeout = 5s,
            .hint = hint_use::shorten,
            .hint_slack = 1s,
            .hint_cap = 600s,
            .max_requests = {100},
            .retry = retry_rule::idempotent,
            .notices_fin = fin_notice::lazy,
            .close_style = client_close_style::rst,
            .on_close_header = close_header_reaction::wait};
}

scenario unusual(scenario) {
    return {.kind = scenario_kind::cadence,
            .requests = 3,
            .gap = 6s,
            .jitter = 1ns,
            .method = "POST",
            .path = "/a b?c=\"d\"",
            .abort_at = abort_moment::in_flight,
            .raw = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"};
}

// The bindings fail to compile when a member is added: it needs a place in unusual() above, and a field.

auto members_of(const server_policy& policy) {
    const auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = policy;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m);
}
auto members_of(const client_policy& policy) {
    const auto& [a, b, c, d, e, f, g, h, i, j, k, l] = policy;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l);
}
auto members_of(const scenario& value) {
    const auto& [a, b, c, d, e, f, g, h] = value;
    return std::tie(a, b, c, d, e, f, g, h);
}

template <class Settings>
class Fields : public ::testing::Test {};

struct settings_name {
    template <class Settings>
    static std::string GetName(int) {
        if (std::is_same_v<Settings, server_policy>) return "server_policy";
        return std::is_same_v<Settings, client_policy> ? "client_policy" : "scenario";
    }
};
using all_settings = ::testing::Types<server_policy, client_policy, scenario>;
TYPED_TEST_SUITE(Fields, all_settings, settings_name);

TYPED_TEST(Fields, AreOneAMember) {
    using members = decltype(members_of(TypeParam{}));
    EXPECT_EQ(fields_of(TypeParam{}).size(), std::tuple_size_v<members>);
}

TYPED_TEST(Fields, HaveNamesOfTheirOwnAndAMeaning) {
    std::set<std::string_view> names;
    for (const auto& each : fields_of(TypeParam{})) {
        EXPECT_TRUE(names.insert(each.name).second) << each.name;
        EXPECT_FALSE(each.meaning.empty()) << each.name;
    }
}

TYPED_TEST(Fields, GiveBackEveryValueTheyWrote) {
    const auto given = unusual(TypeParam{});
    TypeParam back;
    for (const auto& each : fields_of(given)) {
        const auto text = each.write(given);
        EXPECT_NE(text, each.write(back)) << each.name << " is the default, or another field wrote it already";
        const auto failed = each.read(back, text);
        EXPECT_FALSE(failed) << each.name << ": " << failed->message;
        EXPECT_EQ(each.write(back), text) << each.name;
    }
    EXPECT_EQ(back, given);
}

TYPED_TEST(Fields, GiveBackTheDefaults) {
    auto back = unusual(TypeParam{});
    for (const auto& each : fields_of(back))
        EXPECT_FALSE(each.read(back, each.write(TypeParam{}))) << each.name;
    EXPECT_EQ(back, TypeParam{});
}

struct server_window_row {
    const char* name;
    time_limit timeout;
    std::optional<time_window> window;
    std::optional<time_window> expected;
};

class ServerIdleClose : public ::testing::TestWithParam<server_window_row> {};

TEST_P(ServerIdleClose, HasItsWindow) {
    server_policy policy;
    policy.keepalive_timeout = GetParam().timeout;
    policy.close_window = GetParam().window;
    EXPECT_EQ(idle_close_window(policy), GetParam().expected);
}

const auto none = std::optional<time_window>{};

INSTANTIATE_TEST_SUITE_P(Names, ServerIdleClose,
                         ::testing::Values(server_window_row{"exactly_at_the_limit", 65s, none, time_window{65s, 65s}},
                                           server_window_row{"the_window_when_there_is_one", 65s,
                                                             time_window{65s, 65100ms}, time_window{65s, 65100ms}},
                                           server_window_row{"keepalive_off", 0s, none, time_window{0s, 0s}},
                                           server_window_row{"no_limit", time_limit::never(), none, none},
                                           server_window_row{"no_limit_beats_a_window", time_limit::never(),
                                                             time_window{1s, 2s}, none}),
                         [](const auto& one) { return std::string(one.param.name); });

struct hint_row {
    const char* name;
    duration hint;
    client_policy policy;
    time_limit limit;
    std::optional<time_window> window;
};

class ClientIdleClose : public ::testing::TestWithParam<hint_row> {};

TEST_P(ClientIdleClose, FollowsLimitAndHint) {
    const auto& row = GetParam();
    EXPECT_EQ(to_text(effective_idle_timeout(row.policy, row.hint)), to_text(row.limit));
    EXPECT_EQ(idle_close_window(row.policy, row.hint), row.window);
}

client_policy limit(time_limit timeout, hint_use hint, duration slack = {}, time_limit cap = time_limit::never()) {
    client_policy policy;
    policy.idle_timeout = timeout;
    policy.hint = hint;
    policy.hint_slack = slack;
    policy.hint_cap = cap;
    return policy;
}
client_policy with_mode(close_mode mode, client_policy policy) {
    policy.mode = mode;
    return policy;
}
client_policy with_window(time_window window, client_policy policy) {
    policy.close_window = window;
    return policy;
}

constexpr auto never = time_limit::never();
constexpr auto ignore = hint_use::ignore;
constexpr auto follow = hint_use::follow;
constexpr auto shorten = hint_use::shorten;
constexpr time_window firefox{115s, 125s};

INSTANTIATE_TEST_SUITE_P(
    Names, ClientIdleClose,
    ::testing::Values(
        hint_row{"no_hint", 0s, limit(5s, follow), 5s, time_window{5s, 5s}},
        hint_row{"ignored", 60s, limit(5s, ignore), 5s, time_window{5s, 5s}},
        hint_row{"followed_down", 3s, limit(5s, follow), 3s, time_window{3s, 3s}},
        hint_row{"followed_up", 60s, limit(5s, follow), 60s, time_window{60s, 60s}},
        hint_row{"followed_from_no_limit", 60s, limit(never, follow), 60s, time_window{60s, 60s}},
        hint_row{"slack", 20s, limit(5s, follow, 2s), 18s, time_window{18s, 18s}},
        hint_row{"slack_eats_the_hint", 2s, limit(5s, follow, 2s), 0s, time_window{0s, 0s}},
        hint_row{"slack_beyond_the_hint", 1s, limit(5s, follow, 2s), 0s, time_window{0s, 0s}},
        hint_row{"capped", 700s, limit(4s, follow, 2s, 600s), 600s, time_window{600s, 600s}},
        hint_row{"below_the_cap", 602s, limit(4s, follow, 2s, 600s), 600s, time_window{600s, 600s}},
        hint_row{"no_hint_no_cap", 0s, limit(700s, follow, 0s, 600s), 700s, time_window{700s, 700s}},
        hint_row{"shortened", 3s, limit(5s, shorten, 1s), 2s, time_window{2s, 2s}},
        hint_row{"not_lengthened", 20s, limit(5s, shorten, 1s), 5s, time_window{5s, 5s}},
        hint_row{"shortened_to_nothing", 1s, limit(5s, shorten, 1s), 0s, time_window{0s, 0s}},
        hint_row{"shortened_from_no_limit", 60s, limit(never, shorten), 60s, time_window{60s, 60s}},
        hint_row{"shortened_to_the_cap", 700s, limit(never, shorten, 0s, 600s), 600s, time_window{600s, 600s}},
        hint_row{"no_limit", 60s, limit(never, ignore), never, none},
        hint_row{"own_limit_of_zero", 0s, limit(0s, ignore), 0s, time_window{0s, 0s}},
        hint_row{"window", 0s, with_window(firefox, limit(115s, follow)), 115s, firefox},
        hint_row{"window_moves_with_the_hint", 15s, with_window(firefox, limit(115s, follow)), 15s,
                 time_window{15s, 25s}},
        hint_row{"window_stays_when_ignored", 15s, with_window(firefox, limit(115s, ignore)), 115s, firefox},
        hint_row{"window_below_the_limit_stays_after_zero", 8s, with_window({105s, 110s}, limit(115s, follow)), 8s,
                 time_window{0s, 3s}},
        hint_row{"hint_of_nothing_drops_the_window_too", 1s, with_window(firefox, limit(115s, follow, 1s)), 0s,
                 time_window{0s, 0s}},
        hint_row{"lazy_pool_has_no_timer", 0s, with_mode(close_mode::lazy, limit(5s, follow)), 5s, none},
        hint_row{"lazy_pool_with_a_hint_of_nothing", 1s, with_mode(close_mode::lazy, limit(5s, follow, 1s)), 0s,
                 time_window{0s, 0s}},
        hint_row{"mode_never", 0s, with_mode(close_mode::never, limit(5s, ignore)), 5s, none}),
    [](const auto& one) { return std::string(one.param.name); });

struct move_row {
    const char* name;
    time_limit from;
    std::optional<time_window> window;
    time_limit to;
    std::optional<time_window> server_expects;
    std::optional<time_window> client_expects;
};

class AnotherLimit : public ::testing::TestWithParam<move_row> {};

TEST_P(AnotherLimit, KeepsTheLatenessOfTheOld) {
    const auto& row = GetParam();
    server_policy server;
    server.keepalive_timeout = row.from;
    server.close_window = row.window;
    auto expected_server = server;
    expected_server.keepalive_timeout = row.to;
    expected_server.close_window = row.server_expects;
    EXPECT_EQ(with_keepalive_timeout(server, row.to), expected_server);

    client_policy client;
    client.idle_timeout = row.from;
    client.close_window = row.window;
    auto expected_client = client;
    expected_client.idle_timeout = row.to;
    expected_client.close_window = row.client_expects;
    EXPECT_EQ(with_idle_timeout(client, row.to), expected_client);
}

INSTANTIATE_TEST_SUITE_P(
    Names, AnotherLimit,
    ::testing::Values(
        move_row{"no_window", 115s, none, 60s, none, none},
        move_row{"later", 115s, firefox, 120s, time_window{120s, 130s}, time_window{120s, 130s}},
        move_row{"earlier", 115s, firefox, 15s, time_window{15s, 25s}, time_window{15s, 25s}},
        move_row{"same", 115s, firefox, 115s, firefox, firefox},
        move_row{"to_no_limit", 115s, firefox, never, none, none},
        move_row{"from_no_limit", never, firefox, 60s, none, none},
        // A server without keep-alive closes with the response; a client's limit of zero never looks at the window.
        move_row{"to_zero", 115s, firefox, 0s, none, time_window{0s, 10s}}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(Scaled, ShrinksTheServersTimersButNotItsHint) {
    auto expected = unusual(server_policy{});
    const auto policy = scaled(expected, 0.01);
    expected.keepalive_timeout = 650ms;
    expected.close_window = time_window{50ms, 75ms};
    expected.header_timeout = 100ms;
    expected.response_delay = 3ms;
    expected.response_pace = 20ms;
    expected.lingering_time = 310ms;
    expected.lingering_timeout = 2500ns;
    EXPECT_EQ(policy, expected) << "never stays never; the hint, counts and sizes stay";
    EXPECT_EQ(policy.keepalive_hint, 60s);
}

TEST(Scaled, ShrinksTheClientsTimers) {
    auto expected = unusual(client_policy{});
    const auto policy = scaled(expected, 0.01);
    expected.close_window = time_window{1150ms, 1250ms};
    expected.unused_timeout = 50ms;
    expected.hint_slack = 10ms;
    expected.hint_cap = 6s;
    EXPECT_EQ(policy, expected);
    EXPECT_EQ(scaled(client_policy{}, 0.01).idle_timeout, time_limit(1150ms));
}

TEST(Scaled, ShrinksGapsAndJitter) {
    auto expected = unusual(scenario{});
    expected.jitter = 100ms;
    const auto value = scaled(expected, 0.1);
    expected.gap = 600ms;
    expected.jitter = 10ms;
    EXPECT_EQ(value, expected);
}

TEST(Scaled, ByOneChangesNothing) {
    EXPECT_EQ(scaled(unusual(server_policy{}), 1), unusual(server_policy{}));
    EXPECT_EQ(scaled(unusual(client_policy{}), 1), unusual(client_policy{}));
    EXPECT_EQ(scaled(unusual(scenario{}), 1), unusual(scenario{}));
}

}  // namespace
}  // namespace firstfin
