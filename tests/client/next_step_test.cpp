#include "client/next_step.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace firstfin::client {

void PrintTo(const next_step& value, std::ostream* out) {
    constexpr std::array names{"send",  "send_raw",  "park_until_send", "park_until_close",
                               "close", "await_fin", "half_close",      "abort"};
    *out << names[static_cast<std::size_t>(value.what)] << " after " << to_text(value.after) << " (" << value.why
         << ")";
}

namespace {

using namespace std::chrono_literals;
using role::close_reason;

const auto never = time_limit::never();

client_policy closing_after(time_limit idle) {
    client_policy out;
    out.idle_timeout = idle;
    return out;
}

client_policy in_mode(close_mode mode, time_limit idle) {
    auto out = closing_after(idle);
    out.mode = mode;
    return out;
}

client_policy hinted(hint_use use, duration slack = 0s, time_limit cap = time_limit::never()) {
    auto out = closing_after(10s);
    out.hint = use;
    out.hint_slack = slack;
    out.hint_cap = cap;
    return out;
}

client_policy windowed(client_policy policy, time_window window) {
    policy.close_window = window;
    return policy;
}

client_policy waiting() {
    auto out = closing_after(10s);
    out.on_close_header = close_header_reaction::wait;
    return out;
}

client_policy limited_to(std::uint32_t requests) {
    auto out = closing_after(10s);
    out.max_requests.value = requests;
    return out;
}

client_policy lazy_with_all_slack() {
    auto out = hinted(hint_use::follow, 5s);
    out.mode = close_mode::lazy;
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

constexpr auto idle = scenario_kind::idle;
constexpr auto cadence = scenario_kind::cadence;
constexpr auto closing = scenario_kind::connection_close;
constexpr auto one_shot = scenario_kind::abort;

next_step closes_because(std::string_view why) {
    return {step::close, never, why};
}
next_step parks(time_limit until_close) {
    return {step::park_until_close, until_close};
}
next_step sends_after(duration gap) {
    return {step::park_until_send, gap};
}

const auto says_close = closes_because("the response says close");
const auto said_close = closes_because("the request said close");
const auto limit_is_zero = closes_because("the idle limit is zero");
const auto limit_reached = closes_because("the request limit is reached");

const answered first{.ordinal = 1};
const answered second{.ordinal = 2};
const answered hint_5s{.hint = 5s};
const answered hint_30s{.hint = 30s};
const answered with_close{.says_close = true};
const answered second_with_close{.ordinal = 2, .says_close = true};

const std::vector<response_row> response_rows = {
    {"timer_parks_for_its_limit", closing_after(10s), plot(idle, 1), first, {}, parks(10s)},
    {"limit_never_parks_for_good", closing_after(never), plot(idle, 1), first, {}, parks(never)},
    {"lazy_parks_for_good", in_mode(close_mode::lazy, 10s), plot(idle, 1), first, {}, parks(never)},
    {"mode_never_parks_for_good", in_mode(close_mode::never, 10s), plot(idle, 1), first, {}, parks(never)},
    {"window_at_share",
     windowed(closing_after(10s), {10s, 20s}),
     plot(idle, 1),
     first,
     {.window = .25},
     parks(12500ms)},
    {"zero_closes", closing_after(0s), plot(idle, 1), first, {}, limit_is_zero},
    {"zero_keeps_none_for_the_next_request", closing_after(0s), plot(idle, 3), first, {}, limit_is_zero},

    {"hint_ignored", closing_after(10s), plot(idle, 1), hint_5s, {}, parks(10s)},
    {"hint_followed_upwards", hinted(hint_use::follow), plot(idle, 1), hint_30s, {}, parks(30s)},
    {"hint_moves_window",
     windowed(hinted(hint_use::follow), {10s, 14s}),
     plot(idle, 1),
     hint_5s,
     {.window = .5},
     parks(7s)},
    {"hint_less_slack", hinted(hint_use::follow, 2s), plot(idle, 1), hint_5s, {}, parks(3s)},
    {"hint_within_slack_closes_a_lazy_pool_too", lazy_with_all_slack(), plot(idle, 1), hint_5s, {}, limit_is_zero},
    {"hint_capped", hinted(hint_use::follow, 0s, 20s), plot(idle, 1), hint_30s, {}, parks(20s)},
    {"hint_shortens", hinted(hint_use::shorten), plot(idle, 1), hint_5s, {}, parks(5s)},
    {"hint_does_not_lengthen", hinted(hint_use::shorten), plot(idle, 1), hint_30s, {}, parks(10s)},

    {"close_header_closes", closing_after(10s), plot(idle, 1), with_close, {}, says_close},
    {"close_header_closes_in_the_middle", closing_after(10s), plot(idle, 5), second_with_close, {}, says_close},
    {"close_header_waits", waiting(), plot(idle, 1), with_close, {}, {step::await_fin}},
    {"own_close_header_closes", closing_after(10s), plot(closing, 2), second, {}, said_close},
    {"own_close_header_waits", waiting(), plot(closing, 2), second_with_close, {}, {step::await_fin}},
    {"own_close_header_only_with_the_last", closing_after(10s), plot(closing, 2, 1s), first, {}, sends_after(1s)},

    {"request_limit_closes", limited_to(2), plot(idle, 5), second, {}, limit_reached},
    {"below_the_request_limit", limited_to(2), plot(idle, 5), first, {}, {step::send}},

    {"gap_then_next", closing_after(10s), plot(idle, 2, 3s), first, {}, sends_after(3s)},
    {"no_gap_sends_at_once", closing_after(10s), plot(idle, 2), first, {}, {step::send}},
    {"jitter_early", closing_after(10s), plot(idle, 2, 3s, 1s), first, {.gap = 0}, sends_after(2s)},
    {"jitter_late", closing_after(10s), plot(idle, 2, 3s, 1s), first, {.gap = 1}, sends_after(4s)},
    {"jitter_never_negative", closing_after(10s), plot(idle, 2, 1s, 5s), first, {.gap = 0}, {step::send}},
    {"timer_before_the_gap", closing_after(2s), plot(cadence, 2, 3s), first, {}, parks(2s)},
    {"timer_wins_at_equal_moments", closing_after(3s), plot(cadence, 2, 3s), first, {}, parks(3s)},
    {"lazy_looks_at_the_gap", in_mode(close_mode::lazy, 2s), plot(cadence, 2, 3s), first, {}, sends_after(3s)},
    {"cadence_ends_idle", closing_after(10s), plot(cadence, 2, 3s), second, {}, parks(10s)},

    {"abort", closing_after(10s), plot(one_shot, 2), second, {}, {step::abort}},
    {"abort_not_yet", closing_after(10s), plot(one_shot, 2, 1s), first, {}, sends_after(1s)},
    {"abort_before_close_header", closing_after(10s), plot(one_shot, 1), with_close, {}, {step::abort}},
    {"half_close", closing_after(10s), plot(scenario_kind::half_close, 1), first, {}, {step::half_close}},
};

const auto row_name = [](const auto& row) { return row.param.name; };

INSTANTIATE_TEST_SUITE_P(Rows, AfterResponse, ::testing::ValuesIn(response_rows), row_name);

TEST(AfterConnect, SendsTheFirstRequest) {
    EXPECT_EQ(after_connect(closing_after(10s), plot(idle, 1)), next_step{step::send});
}

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
    ::testing::Values(
        reuse_row{"lazy_young", close_mode::lazy, fin_notice::lazy, 9s, socket_look::quiet, std::nullopt},
        reuse_row{"lazy_too_old", close_mode::lazy, fin_notice::at_once, 11s, socket_look::quiet, close_reason::pool},
        reuse_row{"lazy_as_old_as_the_limit", close_mode::lazy, fin_notice::at_once, 10s, socket_look::quiet,
                  close_reason::pool},
        reuse_row{"age_before_fin", close_mode::lazy, fin_notice::lazy, 11s, socket_look::fin, close_reason::pool},
        reuse_row{"lazy_finds_fin", close_mode::lazy, fin_notice::lazy, 1s, socket_look::fin, close_reason::peer_fin},
        reuse_row{"lazy_finds_reset", close_mode::never, fin_notice::lazy, 1s, socket_look::reset,
                  close_reason::peer_reset},
        reuse_row{"lazy_finds_bytes", close_mode::never, fin_notice::lazy, 1s, socket_look::data,
                  close_reason::bad_message},
        reuse_row{"a_reader_does_not_look_again", close_mode::never, fin_notice::at_once, 1s, socket_look::fin,
                  std::nullopt},
        reuse_row{"timer_leaves_age_to_its_timer", close_mode::timer, fin_notice::at_once, 11s, socket_look::quiet,
                  std::nullopt}),
    row_name);

TEST(MayRetry, FollowsTheRule) {
    for (const auto* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
        EXPECT_TRUE(may_retry(retry_rule::idempotent, method)) << method;
    for (const auto* method : {"POST", "PATCH", "get", "BREW"})
        EXPECT_FALSE(may_retry(retry_rule::idempotent, method)) << method;
    EXPECT_TRUE(may_retry(retry_rule::all, "POST"));
    EXPECT_FALSE(may_retry(retry_rule::none, "GET"));
}

}  // namespace
}  // namespace firstfin::client
