#include "server/keepalive_decision.hpp"

#include <gtest/gtest.h>

namespace firstfin {
namespace {

using namespace std::chrono_literals;

connection_wishes wishes_of(std::initializer_list<std::string_view> lines) {
    connection_wishes out;
    for (const auto line : lines)
        out.add(line);
    return out;
}

struct row {
    std::string name;
    request_facts request;
    server_policy policy;
    after_response expected;
};

request_facts http11(std::uint32_t ordinal = 1, duration age = {}) {
    return {11, {}, ordinal, age};
}
request_facts wishing(unsigned version, std::initializer_list<std::string_view> lines) {
    return {version, wishes_of(lines), 1, {}};
}

server_policy timeout_of(time_limit limit) {
    server_policy out;
    out.keepalive_timeout = limit;
    return out;
}
server_policy limited(count_limit requests, time_limit age) {
    server_policy out;
    out.keepalive_requests = requests;
    out.keepalive_time = age;
    return out;
}

class KeepaliveDecision : public testing::TestWithParam<row> {};

TEST_P(KeepaliveDecision, Decides) {
    EXPECT_EQ(decide(GetParam().request, GetParam().policy), GetParam().expected);
}

constexpr auto keep = after_response::keep;
constexpr auto close = after_response::close;

INSTANTIATE_TEST_SUITE_P(
    Requests, KeepaliveDecision,
    testing::Values(row{"http11_keeps", http11(), {}, keep}, row{"http11_close", wishing(11, {"close"}), {}, close},
                    row{"close_in_any_case", wishing(11, {"ClOsE"}), {}, close},
                    row{"close_among_tokens", wishing(11, {"TE , close,Upgrade"}), {}, close},
                    row{"close_beats_keep_alive", wishing(11, {"keep-alive, close"}), {}, close},
                    row{"close_on_another_line", wishing(11, {"close", "keep-alive"}), {}, close},
                    row{"a_token_that_contains_close", wishing(11, {"disclosed"}), {}, keep},
                    row{"http10_closes", wishing(10, {}), {}, close},
                    row{"http10_keep_alive", wishing(10, {"Keep-Alive"}), {}, keep},
                    row{"http10_both", wishing(10, {"keep-alive, close"}), {}, close},
                    row{"timeout_zero", http11(), timeout_of(0s), close},
                    row{"timeout_never", http11(), timeout_of(time_limit::never()), keep},
                    row{"below_the_request_limit", http11(2), limited({3}, 1h), keep},
                    row{"at_the_request_limit", http11(3), limited({3}, 1h), close},
                    row{"no_request_limit", http11(4'000'000), limited(count_limit::unlimited(), 1h), keep},
                    row{"as_old_as_the_limit", http11(2, 5s), limited({100}, 5s), keep},
                    row{"older_than_the_limit", http11(2, 5001ms), limited({100}, 5s), close},
                    row{"age_without_limit", http11(2, 5h), limited({100}, time_limit::never()), keep}),
    [](const auto& tested) { return tested.param.name; });

struct ending_row {
    std::string name;
    role::close_reason reason;
    bool said_close;
    server_close_style style;
    ending expected;
};

class Ending : public testing::TestWithParam<ending_row> {};

TEST_P(Ending, IsChosen) {
    EXPECT_EQ(ending_of(GetParam().reason, GetParam().said_close, GetParam().style), GetParam().expected);
}

using role::close_reason;
using style = server_close_style;

INSTANTIATE_TEST_SUITE_P(
    Styles, Ending,
    testing::Values(
        ending_row{"idle_fin", close_reason::idle_deadline, false, style::fin, ending::fin},
        ending_row{"idle_rst", close_reason::idle_deadline, false, style::rst, ending::rst},
        ending_row{"idle_linger", close_reason::idle_deadline, false, style::linger, ending::linger},
        ending_row{"idle_wait_has_nothing_to_wait_for", close_reason::idle_deadline, false, style::wait, ending::fin},
        ending_row{"said_close_wait", close_reason::policy, true, style::wait, ending::await_fin},
        ending_row{"said_close_linger", close_reason::policy, true, style::linger, ending::linger},
        ending_row{"bad_message_wait", close_reason::bad_message, true, style::wait, ending::await_fin},
        ending_row{"answering_a_fin_is_plain", close_reason::peer_fin, false, style::rst, ending::fin},
        ending_row{"after_a_reset_is_plain", close_reason::peer_reset, false, style::linger, ending::fin},
        ending_row{"stopping_is_plain", close_reason::shutdown, false, style::linger, ending::fin},
        ending_row{"finishing_a_response_is_not", close_reason::shutdown, true, style::linger, ending::linger}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace firstfin
