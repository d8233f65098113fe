#include <gtest/gtest.h>

#include "harness/model/model.hpp"

namespace firstfin::model {
namespace {

using namespace std::chrono_literals;

pair limits(time_limit server, time_limit client) {
    pair two;
    two.server.keepalive_timeout = server;
    two.client.idle_timeout = client;
    return two;
}

pair with(pair two, const std::function<void(pair&)>& change) {
    change(two);
    return two;
}

struct row {
    const char* name;
    pair two;
    closer first;
    party first_fin;
    party time_wait;
    std::optional<ending> how;
    std::optional<duration> earliest = std::nullopt;
};

class Model : public ::testing::TestWithParam<row> {};

TEST_P(Model, Predicts) {
    const auto& expected = GetParam();
    const auto predicted = predict(expected.two);
    EXPECT_EQ(to_text(predicted.first), to_text(expected.first)) << predicted.why;
    EXPECT_EQ(to_text(predicted.first_fin), to_text(expected.first_fin));
    EXPECT_EQ(to_text(predicted.time_wait), to_text(expected.time_wait));
    EXPECT_EQ(predicted.ending, expected.how) << predicted.why;
    if (expected.earliest) {
        ASSERT_TRUE(predicted.moment) << predicted.why;
        EXPECT_EQ(to_text(predicted.moment->earliest), to_text(*expected.earliest));
    }
    EXPECT_NE(predicted.why, "");
}

const auto lazy = [](pair& two) {
    two.client.mode = close_mode::lazy;
    two.client.notices_fin = fin_notice::lazy;
};
const auto never = [](pair& two) { two.client.mode = close_mode::never; };
const auto firefox = [](pair& two) { two.client.close_window = time_window{115s, 125s}; };
const auto scenario_of = [](scenario_kind kind) { return [kind](pair& two) { two.scenario.kind = kind; }; };

INSTANTIATE_TEST_SUITE_P(
    Names, Model,
    ::testing::Values(
        row{"shorter_server", limits(65s, 115s), closer::server, party::server, party::server, ending::orderly, 65s},
        row{"shorter_client", limits(75s, 60s), closer::client, party::client, party::client, ending::orderly, 60s},
        row{"equal_limits", limits(5s, 5s), closer::undecided, party::none, party::none, std::nullopt, 5s},
        row{"window_before_the_limit", with(limits(130s, 115s), firefox), closer::client, party::client, party::client,
            ending::orderly, 115s},
        row{"window_around_the_limit", with(limits(120s, 115s), firefox), closer::undecided, party::none, party::none,
            std::nullopt, 115s},
        row{"neither_has_a_limit", with(limits(time_limit::never(), 5s), never), closer::nobody, party::none,
            party::none, ending::open},
        row{"client_without_limit_reacts_at_once", with(limits(5s, 1s), never), closer::server, party::server,
            party::server, ending::orderly, 5s},
        row{"lazy_client_leaves_fin_wait_2", with(limits(65s, 300s), lazy), closer::server, party::server, party::none,
            ending::half_closed, 65s},
        row{"lazy_client_alone_never_closes", with(limits(time_limit::never(), 1s), lazy), closer::nobody, party::none,
            party::none, ending::open},
        row{"keepalive_off", limits(0s, 60s), closer::server, party::server, party::server, ending::orderly, 0s},
        row{"request_limit",
            with(limits(60s, 60s),
                 [](pair& two) {
                     two.server.keepalive_requests.value = 2;
                     two.scenario.requests = 3;
                 }),
            closer::server, party::server, party::server, ending::orderly, 0s},
        row{"client_asks_for_close", with(limits(60s, 60s), scenario_of(scenario_kind::connection_close)),
            closer::server, party::server, party::server, ending::orderly, 0s},
        row{"server_leaves_the_close_to_the_client",
            with(limits(0s, 60s), [](pair& two) { two.server.close_style = server_close_style::wait; }), closer::client,
            party::client, party::client, ending::orderly, 0s},
        row{"both_wait_for_each_other",
            with(limits(0s, 60s),
                 [](pair& two) {
                     two.server.close_style = server_close_style::wait;
                     two.client.on_close_header = close_header_reaction::wait;
                 }),
            closer::server, party::server, party::server, ending::orderly, 30s},
        row{"server_resets", with(limits(5s, 60s), [](pair& two) { two.server.close_style = server_close_style::rst; }),
            closer::server, party::none, party::none, ending::reset, 5s},
        row{"client_resets",
            with(limits(65s, 60s), [](pair& two) { two.client.close_style = client_close_style::rst; }), closer::client,
            party::none, party::none, ending::reset, 60s},
        row{"abort", with(limits(5s, 5s), scenario_of(scenario_kind::abort)), closer::client, party::none, party::none,
            ending::reset, 0s},
        row{"half_close", with(limits(5s, 5s), scenario_of(scenario_kind::half_close)), closer::client, party::client,
            party::client, ending::orderly, 0s},
        row{"half_close_after_a_close_header_that_neither_side_acts_on",
            with(limits(time_limit(duration{}), 5s),
                 [](pair& two) {
                     two.scenario.kind = scenario_kind::half_close;
                     two.server.close_style = server_close_style::wait;
                     two.client.on_close_header = close_header_reaction::wait;
                 }),
            closer::client, party::client, party::client, ending::orderly, 0s},
        row{"two_real_programs_that_both_close_at_once",
            with(limits(5s, 5s),
                 [](pair& two) {
                     two.scenario.kind = scenario_kind::connection_close;
                     two.programs = true;
                 }),
            closer::undecided, party::none, party::none, std::nullopt},
        row{"a_server_told_to_reload_before_its_limit",
            with(limits(75s, 60s),
                 [](pair& two) {
                     two.server_told_to_end = time_window{2s, 2250ms};
                 }),
            closer::server, party::server, party::server, ending::orderly, 2s},
        row{"half_close_without_a_request",
            with(limits(5s, 5s),
                 [](pair& two) {
                     two.scenario.kind = scenario_kind::half_close;
                     two.scenario.requests = 0;
                 }),
            closer::client, party::client, party::client, ending::orderly, 0s},
        row{"server_that_forgets",
            with(limits(65s, 5s), [](pair& two) { two.server.on_client_fin = client_fin_reaction::ignore; }),
            closer::client, party::client, party::none, ending::half_closed, 5s},
        row{"hint_shortens_the_client",
            with(limits(20s, 115s),
                 [](pair& two) {
                     two.client.hint = hint_use::follow;
                     two.server.keepalive_hint = 15s;
                 }),
            closer::client, party::client, party::client, ending::orderly, 15s},
        row{"hint_equal_to_the_limit_is_a_photo_finish",
            with(limits(20s, 115s),
                 [](pair& two) {
                     two.client.hint = hint_use::follow;
                     two.server.keepalive_hint = 20s;
                 }),
            closer::undecided, party::none, party::none, std::nullopt, 20s},
        row{"hint_below_the_slack_means_no_reuse",
            with(limits(20s, 115s),
                 [](pair& two) {
                     two.client.hint = hint_use::follow;
                     two.client.hint_slack = 2s;
                     two.server.keepalive_hint = 2s;
                 }),
            closer::client, party::client, party::client, ending::orderly, 0s},
        row{"hint_cannot_lengthen_a_client_that_only_shortens",
            with(limits(20s, 5s),
                 [](pair& two) {
                     two.client.hint = hint_use::shorten;
                     two.server.keepalive_hint = 60s;
                 }),
            closer::client, party::client, party::client, ending::orderly, 5s},
        row{"never_used_connection_meets_the_header_timeout",
            with(limits(5s, 5s), [](pair& two) { two.scenario.requests = 0; }), closer::server, party::server,
            party::server, ending::orderly, 60s},
        row{"never_used_connection_of_firefox",
            with(limits(5s, 5s),
                 [](pair& two) {
                     two.scenario.requests = 0;
                     two.client.unused_timeout = 5s;
                 }),
            closer::client, party::client, party::client, ending::orderly, 5s},
        row{"cadence_slower_than_the_server",
            with(limits(5s, 60s),
                 [](pair& two) {
                     two.scenario.kind = scenario_kind::cadence;
                     two.scenario.requests = 3;
                     two.scenario.gap = 6s;
                 }),
            closer::server, party::server, party::server, ending::orderly, 5s},
        row{"cadence_at_the_edge_is_a_race",
            with(limits(5s, 60s),
                 [](pair& two) {
                     two.scenario.kind = scenario_kind::cadence;
                     two.scenario.requests = 3;
                     two.scenario.gap = 5s;
                     two.scenario.jitter = 100ms;
                 }),
            closer::undecided, party::none, party::none, std::nullopt},
        row{"lazy_pool_finds_the_connection_too_old",
            with(limits(60s, 5s),
                 [](pair& two) {
                     lazy(two);
                     two.scenario.kind = scenario_kind::cadence;
                     two.scenario.requests = 2;
                     two.scenario.gap = 6s;
                 }),
            closer::client, party::client, party::client, ending::orderly, 6s},
        row{"lazy_client_notices_in_time",
            with(limits(5s, 60s),
                 [](pair& two) {
                     lazy(two);
                     two.scenario.kind = scenario_kind::cadence;
                     two.scenario.requests = 2;
                     two.scenario.gap = 30s;
                 }),
            closer::server, party::server, party::server, ending::orderly, 5s},
        row{"lazy_client_notices_after_fin_wait_2_is_gone",
            with(limits(5s, 200s),
                 [](pair& two) {
                     lazy(two);
                     two.scenario.kind = scenario_kind::cadence;
                     two.scenario.requests = 2;
                     two.scenario.gap = 90s;
                 }),
            closer::server, party::server, party::none, ending::reset, 5s},
        row{"telnet_asks_for_close",
            with(limits(65s, 115s),
                 [](pair& two) {
                     two.scenario.kind = scenario_kind::raw;
                     two.scenario.raw = "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
                 }),
            closer::server, party::server, party::server, ending::orderly, 0s}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(ModelHint, IsScaledAfterTheWholeSecondsOfTheWire) {
    auto two = limits(2s, 11500ms);
    two.time_scale = 0.1;
    two.client.hint = hint_use::follow;
    two.server.keepalive_hint = 14500ms;  // "timeout=15" on the wire
    EXPECT_EQ(predict(two).moment->earliest, 1500ms);
}

pair over_20ms(time_limit server, time_limit client) {
    auto two = limits(server, client);
    two.link_delay = 20ms;
    return two;
}

struct link_row {
    const char* name;
    pair two;
    closer first;
    std::optional<duration> margin;
};
class ModelOfALongLink : public ::testing::TestWithParam<link_row> {};

TEST_P(ModelOfALongLink, LeavesUndecidedWhatMayCross) {
    const auto predicted = predict(GetParam().two);
    EXPECT_EQ(to_text(predicted.first), to_text(GetParam().first)) << predicted.why;
    EXPECT_EQ(predicted.margin, GetParam().margin);
    if (predicted.first != closer::undecided || !predicted.margin) return;
    EXPECT_NE(predicted.why.find("FINs may cross on a link of 20ms"), std::string::npos) << predicted.why;
    EXPECT_FALSE(predicted.points) << "a crossing is no tie";
}

// A server's clock starts one crossing before the client's, and a FIN takes one more: FINs cross when the server's
// limit is longer by nothing to two crossings.
INSTANTIATE_TEST_SUITE_P(
    Names, ModelOfALongLink,
    ::testing::Values(link_row{"server_a_little_shorter", over_20ms(399ms, 400ms), closer::server, 1ms},
                      link_row{"equal", over_20ms(400ms, 400ms), closer::undecided, 0ms},
                      link_row{"in_the_middle", over_20ms(420ms, 400ms), closer::undecided, 0ms},
                      link_row{"two_crossings_longer", over_20ms(440ms, 400ms), closer::undecided, 0ms},
                      link_row{"client_shorter_by_more", over_20ms(441ms, 400ms), closer::client, 1ms},
                      link_row{"far_apart", over_20ms(1s, 400ms), closer::client, 560ms},
                      link_row{"no_race_without_the_client", with(over_20ms(400ms, 400ms), never), closer::server,
                               std::nullopt},
                      // A connection never used: the client's clock starts first.
                      link_row{"unused_equal",
                               with(over_20ms(1s, 1s),
                                    [](pair& two) {
                                        two.scenario.requests = 0;
                                        two.server.header_timeout = 400ms;
                                        two.client.unused_timeout = 400ms;
                                    }),
                               closer::undecided, 0ms},
                      link_row{"unused_client_a_little_shorter",
                               with(over_20ms(1s, 1s),
                                    [](pair& two) {
                                        two.scenario.requests = 0;
                                        two.server.header_timeout = 400ms;
                                        two.client.unused_timeout = 399ms;
                                    }),
                               closer::client, 1ms},
                      link_row{"unused_server_shorter_by_more",
                               with(over_20ms(1s, 1s),
                                    [](pair& two) {
                                        two.scenario.requests = 0;
                                        two.server.header_timeout = 359ms;
                                        two.client.unused_timeout = 400ms;
                                    }),
                               closer::server, 1ms}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(ModelOfALongLinkAtOnce, AClientThatActsAtOnceMayMeetAServerThatGivesUp) {
    for (const auto kind : {scenario_kind::abort, scenario_kind::half_close}) {
        const auto apart = predict(with(over_20ms(41ms, 5s), scenario_of(kind)));
        EXPECT_EQ(to_text(apart.first), "client");
        EXPECT_EQ(apart.margin, duration(1ms)) << "less than a timer may be late: a tie";
        const auto near = predict(with(over_20ms(40ms, 5s), scenario_of(kind)));
        EXPECT_EQ(to_text(near.first), "undecided");
        EXPECT_NE(near.why.find("the server's 40ms may run out while that is on a link of 20ms"), std::string::npos)
            << near.why;
    }
}

TEST(ModelOfALongLinkAtOnce, AResponseThatSaysCloseIsFollowedByTwoFins) {
    auto two = with(over_20ms(65s, 60s), scenario_of(scenario_kind::connection_close));
    EXPECT_EQ(to_text(predict(two).first), "undecided");
    two.client.on_close_header = close_header_reaction::wait;
    EXPECT_EQ(to_text(predict(two).first), "server");
    two.client.on_close_header = close_header_reaction::close;
    two.server.close_style = server_close_style::wait;
    EXPECT_EQ(to_text(predict(two).first), "client");
}

TEST(ModelOfALongLinkInGaps, ARequestMayMeetAFinOnItsWay) {
    auto two = over_20ms(1s, 60s);
    two.scenario.kind = scenario_kind::cadence;
    two.scenario.requests = 2;
    two.scenario.gap = 959ms;  // at the server 999 ms after its response
    EXPECT_EQ(to_text(predict(two).first), "server");
    EXPECT_EQ(predict(two).requests, 2U);
    two.scenario.gap = 960ms;
    EXPECT_EQ(to_text(predict(two).first), "undecided");
    two.scenario.gap = 1001ms;
    EXPECT_EQ(to_text(predict(two).first), "server");
    EXPECT_EQ(predict(two).requests, 1U);
}

TEST(ModelMargin, IsTheDistanceBetweenTheLimits) {
    EXPECT_EQ(predict(limits(5s, 5001ms)).margin, duration(1ms));
    EXPECT_EQ(predict(limits(5s, 5s)).margin, duration(0));
    EXPECT_FALSE(predict(with(limits(5s, 5s), never)).margin);
}

TEST(ModelLife, CountsGapsAndDelays) {
    auto two = limits(5s, 60s);
    two.scenario.requests = 3;
    two.scenario.gap = 2s;
    two.server.response_delay = 100ms;
    EXPECT_EQ(predict(two).life(), duration(9s + 300ms));
    EXPECT_EQ(predict(two).requests, 3U);
}

}  // namespace
}  // namespace firstfin::model
