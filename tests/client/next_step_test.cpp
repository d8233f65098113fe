#include "client/next_step.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace firstfin::client {

void PrintTo(const next_step& value, std::ostream* out) {
    constexpr std::array names{"send", "send_raw", "park_until_send", "park_until_close", "close", "await_fin", "half_close", "abort"};
    *out << names[static_cast<std::size_t>(value.what)] << " after " << to_text(value.after) << " (" << value.why << ")";
}

namespace {

using namespace std::chrono_literals;
using role::close_reason;

const auto never = time_limit::never();

client_policy closing_after(time_limit idle, void (*change)(client_policy&) = [](client_policy&) {}) {
    client_policy out;
    out.idle_timeout = idle;
    change(out);
    return out;
}

scenario plot(scenario_kind kind, std::uint32_t requests, duration gap = 0s, duration jitter = 0s) {
    scenario out;
    out.kind = kind;
    out.requests = requests;
    out.gap = gap;
    out.jitter = jitter;
    return out;
}

struct response_row {
    std::string name;
    client_policy policy;
    scenario what;
    answered response;
    draws drawn;
    next_step expected;
};

class AfterResponse : public ::testing::TestWithParam<response_row> {};

TEST_P(AfterResponse, Decides) {
    const auto& row = GetParam();
    EXPECT_EQ(after_response(row.policy, row.what, row.response, row.drawn), row.expected);
}

const auto idle = scenario_kind::idle;

const std::vector<response_row> response_rows = {
    {"timer_parks_for_its_limit", closing_after(10s), plot(idle, 1), {}, {}, {step::park_until_close, 10s}},
    {"limit_never_parks_for_good", closing_after(never), plot(idle, 1), {}, {}, {step::park_until_close, never}},
    {"lazy_parks_for_good", closing_after(10s, [](client_policy& p) { p.mode = close_mode::lazy; }), plot(idle, 1), {}, {},
     {step::park_until_close, never}},
    {"mode_never_parks_for_good", closing_after(10s, [](client_policy& p) { p.mode = close_mode::never; }), plot(idle, 1), {}, {},
     {step::park_until_close, never}},
    {"window_at_its_share", closing_after(10s, [](client_policy& p) { p.close_window = time_window{10s, 20s}; }), plot(idle, 1), {}, {.window = 0.25},
     {step::park_until_close, 12500ms}},
    {"limit_zero_closes", closing_after(0s), plot(idle, 1), {}, {}, {step::close, never, "the idle limit is zero"}},
    {"limit_zero_leaves_no_connection_for_the_next_request", closing_after(0s), plot(idle, 3), {.ordinal = 1}, {},
     {step::close, never, "the idle limit is zero"}},

    {"hint_ignored", closing_after(10s), plot(idle, 1), {.hint = 5s}, {}, {step::park_until_close, 10s}},
    {"hint_followed_upwards", closing_after(10s, [](client_policy& p) { p.hint = hint_use::follow; }), plot(idle, 1), {.hint = 30s}, {},
     {step::park_until_close, 30s}},
    {"hint_followed_moves_the_window", closing_after(10s, [](client_policy& p) { p.hint = hint_use::follow; p.close_window = time_window{10s, 14s}; }),
     plot(idle, 1), {.hint = 5s}, {.window = 0.5}, {step::park_until_close, 7s}},
    {"hint_less_slack", closing_after(10s, [](client_policy& p) { p.hint = hint_use::follow; p.hint_slack = 2s; }), plot(idle, 1), {.hint = 5s}, {},
     {step::park_until_close, 3s}},
    {"hint_within_slack_closes_a_lazy_pool_too",
     closing_after(10s, [](client_policy& p) { p.hint = hint_use::follow; p.hint_slack = 5s; p.mode = close_mode::lazy; }), plot(idle, 1),
     {.hint = 5s}, {}, {step::close, never, "the idle limit is zero"}},
    {"hint_capped", closing_after(10s, [](client_policy& p) { p.hint = hint_use::follow; p.hint_cap = 20s; }), plot(idle, 1), {.hint = 30s}, {},
     {step::park_until_close, 20s}},
    {"hint_shortens", closing_after(10s, [](client_policy& p) { p.hint = hint_use::shorten; }), plot(idle, 1), {.hint = 5s}, {},
     {step::park_until_close, 5s}},
    {"hint_does_not_lengthen", closing_after(10s, [](client_policy& p) { p.hint = hint_use::shorten; }), plot(idle, 1), {.hint = 30s}, {},
     {step::park_until_close, 10s}},

    {"close_header_closes", closing_after(10s), plot(idle, 1), {.says_close = true}, {}, {step::close, never, "the response says close"}},
    {"close_header_closes_in_the_middle", closing_after(10s), plot(idle, 5), {.ordinal = 2, .says_close = true}, {},
     {step::close, never, "the response says close"}},
    {"close_header_waits", closing_after(10s, [](client_policy& p) { p.on_close_header = close_header_reaction::wait; }), plot(idle, 1),
     {.says_close = true}, {}, {step::await_fin}},
    {"own_close_header_closes", closing_after(10s), plot(scenario_kind::connection_close, 2), {.ordinal = 2}, {},
     {step::close, never, "the request said close"}},
    {"own_close_header_waits", closing_after(10s, [](client_policy& p) { p.on_close_header = close_header_reaction::wait; }),
     plot(scenario_kind::connection_close, 2), {.ordinal = 2, .says_close = true}, {}, {step::await_fin}},
    {"own_close_header_only_with_the_last", closing_after(10s), plot(scenario_kind::connection_close, 2, 1s), {.ordinal = 1}, {},
     {step::park_until_send, 1s}},

    {"request_limit_closes", closing_after(10s, [](client_policy& p) { p.max_requests.value = 2; }), plot(idle, 5), {.ordinal = 2}, {},
     {step::close, never, "the request limit is reached"}},
    {"below_the_request_limit", closing_after(10s, [](client_policy& p) { p.max_requests.value = 2; }), plot(idle, 5), {.ordinal = 1}, {},
     {step::send}},

    {"gap_then_next", closing_after(10s), plot(idle, 2, 3s), {.ordinal = 1}, {}, {step::park_until_send, 3s}},
    {"no_gap_sends_at_once", closing_after(10s), plot(idle, 2), {.ordinal = 1}, {}, {step::send}},
    {"jitter_early", closing_after(10s), plot(idle, 2, 3s, 1s), {.ordinal = 1}, {.gap = 0}, {step::park_until_send, 2s}},
    {"jitter_late", closing_after(10s), plot(idle, 2, 3s, 1s), {.ordinal = 1}, {.gap = 1}, {step::park_until_send, 4s}},
    {"jitter_never_negative", closing_after(10s), plot(idle, 2, 1s, 5s), {.ordinal = 1}, {.gap = 0}, {step::send}},
    {"timer_before_the_gap", closing_after(2s), plot(scenario_kind::cadence, 2, 3s), {.ordinal = 1}, {}, {step::park_until_close, 2s}},
    {"timer_wins_at_equal_moments", closing_after(3s), plot(scenario_kind::cadence, 2, 3s), {.ordinal = 1}, {}, {step::park_until_close, 3s}},
    {"lazy_looks_at_the_gap", closing_after(2s, [](client_policy& p) { p.mode = close_mode::lazy; }), plot(scenario_kind::cadence, 2, 3s),
     {.ordinal = 1}, {}, {step::park_until_send, 3s}},
    {"cadence_ends_idle", closing_after(10s), plot(scenario_kind::cadence, 2, 3s), {.ordinal = 2}, {}, {step::park_until_close, 10s}},

    {"abort", closing_after(10s), plot(scenario_kind::abort, 2), {.ordinal = 2}, {}, {step::abort}},
    {"abort_not_yet", closing_after(10s), plot(scenario_kind::abort, 2, 1s), {.ordinal = 1}, {}, {step::park_until_send, 1s}},
    {"abort_before_close_header", closing_after(10s), plot(scenario_kind::abort, 1), {.says_close = true}, {}, {step::abort}},
    {"half_close", closing_after(10s), plot(scenario_kind::half_close, 1), {}, {}, {step::half_close}},
};

const auto row_name = [](const auto& row) { return row.param.name; };

INSTANTIATE_TEST_SUITE_P(Rows, AfterResponse, ::testing::ValuesIn(response_rows), row_name);

TEST(AfterConnect, SendsTheFirstRequest) { EXPECT_EQ(after_connect(closing_after(10s), plot(idle, 1)), next_step{step::send}); }

TEST(AfterConnect, SendsRawBytesWhateverTheCount) {
    EXPECT_EQ(after_connect(closing_after(10s), plot(scenario_kind::raw, 0)), next_step{step::send_raw});
}

TEST(AfterConnect, SilentConnectionHasItsOwnLimit) {
    auto policy = closing_after(10s);
    policy.unused_timeout = 5s;
    EXPECT_EQ(after_connect(policy, plot(idle, 0)), (next_step{step::park_until_close, 5s}));
    policy.mode = close_mode::lazy;
    EXPECT_EQ(after_connect(policy, plot(idle, 0)), (next_step{step::park_until_close, never}));
}

TEST(AfterConnect, EndsWithoutARequest) {
    EXPECT_EQ(after_connect(closing_after(10s), plot(scenario_kind::abort, 0)), next_step{step::abort});
    EXPECT_EQ(after_connect(closing_after(10s), plot(scenario_kind::half_close, 0)), next_step{step::half_close});
}

struct reuse_row {
    std::string name;
    close_mode mode;
    fin_notice notices;
    duration age;
    socket_look look;
    std::optional<close_reason> expected;
};

class BeforeReuse : public ::testing::TestWithParam<reuse_row> {};

TEST_P(BeforeReuse, Decides) {
    const auto& row = GetParam();
    client_policy policy;
    policy.mode = row.mode;
    policy.notices_fin = row.notices;
    EXPECT_EQ(before_reuse(policy, time_limit(10s), row.age, row.look), row.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BeforeReuse,
    ::testing::Values(reuse_row{"lazy_young", close_mode::lazy, fin_notice::lazy, 9s, socket_look::quiet, std::nullopt},
                      reuse_row{"lazy_too_old", close_mode::lazy, fin_notice::at_once, 11s, socket_look::quiet, close_reason::pool},
                      reuse_row{"lazy_as_old_as_the_limit", close_mode::lazy, fin_notice::at_once, 10s, socket_look::quiet, close_reason::pool},
                      reuse_row{"age_before_fin", close_mode::lazy, fin_notice::lazy, 11s, socket_look::fin, close_reason::pool},
                      reuse_row{"lazy_finds_fin", close_mode::lazy, fin_notice::lazy, 1s, socket_look::fin, close_reason::peer_fin},
                      reuse_row{"lazy_finds_reset", close_mode::never, fin_notice::lazy, 1s, socket_look::reset, close_reason::peer_reset},
                      reuse_row{"lazy_finds_bytes", close_mode::never, fin_notice::lazy, 1s, socket_look::data, close_reason::bad_message},
                      reuse_row{"a_reader_does_not_look_again", close_mode::never, fin_notice::at_once, 1s, socket_look::fin, std::nullopt},
                      reuse_row{"timer_leaves_age_to_its_timer", close_mode::timer, fin_notice::at_once, 11s, socket_look::quiet, std::nullopt}),
    row_name);

TEST(MayRetry, FollowsTheRule) {
    for (const auto* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"}) EXPECT_TRUE(may_retry(retry_rule::idempotent, method)) << method;
    for (const auto* method : {"POST", "PATCH", "get", "BREW"}) EXPECT_FALSE(may_retry(retry_rule::idempotent, method)) << method;
    EXPECT_TRUE(may_retry(retry_rule::all, "POST"));
    EXPECT_FALSE(may_retry(retry_rule::none, "GET"));
}

}  // namespace
}  // namespace firstfin::client
