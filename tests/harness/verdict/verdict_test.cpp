#include <gtest/gtest.h>

#include "tests/harness/verdict/story.hpp"

namespace firstfin::testing {
namespace {

using namespace std::chrono_literals;
using role::close_reason;
constexpr auto server = side::server;
constexpr auto client = side::client;

story exchange() {
    return story().handshake().request().response().ack(client);
}

/// Four steps: the FIN, its ACK, the other FIN, its ACK.
story orderly(side first) {
    const auto second = other(first);
    return exchange()
        .after(65s)
        .close(first, close_reason::idle_deadline)
        .fin(first)
        .ack(second)
        .close(second, close_reason::peer_fin, tcp_state::close_wait)
        .fin(second)
        .ack(first)
        .table(first, tcp_state::time_wait)
        .table(second, std::nullopt);
}

/// The server's FIN, then a request that may or may not know of it, then the reset that destroys it.
story lost_reuse(bool client_knew) {
    auto told = exchange().after(65s).close(server, close_reason::idle_deadline).fin(server);
    if (client_knew)
        told.ack(client).request_event(true).data(client, 80);
    else
        told.request_event().crossed_data(client, 80);
    return told.rst(server)
        .close(client, close_reason::lost_reuse, tcp_state::closed)
        .table(server, std::nullopt)
        .table(client, std::nullopt);
}

story crossed() {
    return exchange()
        .after(1s)
        .close(server, close_reason::idle_deadline)
        .fin(server)
        .close(client, close_reason::idle_deadline)
        .crossed_fin(client)
        .ack(server)
        .ack(client)
        .table(server, tcp_state::time_wait)
        .table(client, tcp_state::time_wait);
}

struct row {
    const char* name;
    story told;
    party first_fin;
    party reset;
    party time_wait;
    ending how;
    request_count requests = {1, 1, 0, 0};
    bool destroyed_request = false;
};

class Verdict : public ::testing::TestWithParam<row> {};

TEST_P(Verdict, Decides) {
    const auto& expected = GetParam();
    const auto decided = expected.told.verdict_on();
    EXPECT_EQ(to_text(decided.first_fin), to_text(expected.first_fin));
    EXPECT_EQ(to_text(decided.reset), to_text(expected.reset));
    EXPECT_EQ(to_text(decided.time_wait), to_text(expected.time_wait));
    EXPECT_EQ(to_text(decided.ending), to_text(expected.how));
    EXPECT_EQ(decided.requests.sent, expected.requests.sent);
    EXPECT_EQ(decided.requests.answered, expected.requests.answered);
    EXPECT_EQ(decided.requests.stale_reuse, expected.requests.stale_reuse);
    EXPECT_EQ(decided.requests.true_race, expected.requests.true_race);
    EXPECT_EQ(decided.reset_destroyed_request, expected.destroyed_request);
    EXPECT_EQ(decided.conflict, "");
    EXPECT_EQ(decided.invalid, "");
}

INSTANTIATE_TEST_SUITE_P(
    Names, Verdict,
    ::testing::Values(
        row{"server_first", orderly(server), party::server, party::none, party::server, ending::orderly},
        row{"client_first", orderly(client), party::client, party::none, party::client, ending::orderly},
        row{"three_steps_when_fin_carries_the_ack",
            exchange()
                .after(1s)
                .close(server, close_reason::idle_deadline)
                .fin(server)
                .close(client, close_reason::peer_fin, tcp_state::close_wait)
                .fin(client)
                .ack(server)
                .table(server, tcp_state::time_wait)
                .table(client, std::nullopt),
            party::server, party::none, party::server, ending::orderly},
        row{"crossed_fins", crossed(), party::both, party::none, party::both, ending::simultaneous},
        row{"crossed_fins_with_one_table_asked_too_late",
            exchange()
                .after(1s)
                .close(server, close_reason::idle_deadline)
                .fin(server)
                .close(client, close_reason::idle_deadline)
                .crossed_fin(client)
                .ack(server)
                .ack(client)
                .table(server, tcp_state::time_wait)
                .table(client, std::nullopt),
            party::both, party::none, party::server, ending::simultaneous},
        row{"server_resets_idle",
            exchange()
                .after(1s)
                .close(server, close_reason::idle_deadline)
                .rst(server)
                .close(client, close_reason::peer_reset, tcp_state::closed)
                .table(server, std::nullopt)
                .table(client, std::nullopt),
            party::none, party::server, party::none, ending::reset},
        row{"server_resets_with_request_in_flight",
            exchange()
                .after(1s)
                .request_event()
                .data(client, 80)
                .close(server, close_reason::idle_deadline)
                .rst(server)
                .close(client, close_reason::lost_reuse, tcp_state::closed)
                .table(server, std::nullopt)
                .table(client, std::nullopt),
            party::none,
            party::server,
            party::none,
            ending::reset,
            {2, 1, 0, 1},
            true},
        row{"client_resets_idle",
            exchange()
                .after(1s)
                .close(client, close_reason::aborted)
                .rst(client)
                .close(server, close_reason::peer_reset, tcp_state::closed)
                .table(server, std::nullopt)
                .table(client, std::nullopt),
            party::none, party::client, party::none, ending::reset},
        row{"client_abandons_its_own_request",
            exchange()
                .request_event()
                .data(client, 80)
                .close(client, close_reason::aborted)
                .rst(client)
                .close(server, close_reason::peer_reset, tcp_state::closed)
                .table(server, std::nullopt)
                .table(client, std::nullopt),
            party::none,
            party::client,
            party::none,
            ending::reset,
            {2, 1, 0, 0},
            true},
        row{"stale_reuse_writes_into_an_acknowledged_fin",
            lost_reuse(true),
            party::server,
            party::server,
            party::none,
            ending::reset,
            {2, 1, 1, 0},
            true},
        row{"true_race_meets_the_fin_on_its_way",
            lost_reuse(false),
            party::server,
            party::server,
            party::none,
            ending::reset,
            {2, 1, 0, 1},
            true},
        row{"client_never_closes_its_half",
            exchange()
                .after(1s)
                .close(server, close_reason::idle_deadline)
                .fin(server)
                .ack(client)
                .table(server, tcp_state::fin_wait_2)
                .table(client, tcp_state::close_wait),
            party::server, party::none, party::none, ending::half_closed},
        row{"fin_wait_2_ran_out",
            exchange()
                .after(1s)
                .close(server, close_reason::idle_deadline)
                .fin(server)
                .ack(client)
                .after(62s)
                .table(server, std::nullopt)
                .table(client, tcp_state::close_wait),
            party::server, party::none, party::none, ending::half_closed},
        row{"server_forgot_to_close",
            exchange()
                .after(1s)
                .close(client, close_reason::idle_deadline)
                .fin(client)
                .ack(server)
                .table(client, tcp_state::fin_wait_2)
                .table(server, tcp_state::close_wait),
            party::client, party::none, party::none, ending::half_closed},
        row{"half_close_then_response",
            story()
                .handshake()
                .request()
                .fin(client)
                .data(server, 120)
                .says(client, role::event_kind::response_received)
                .ack(client)
                .close(server, close_reason::peer_fin, tcp_state::close_wait)
                .fin(server)
                .ack(client)
                .table(client, tcp_state::time_wait)
                .table(server, std::nullopt),
            party::client, party::none, party::client, ending::orderly},
        row{"nobody_closes",
            exchange().after(10s).table(server, tcp_state::established).table(client, tcp_state::established),
            party::none, party::none, party::none, ending::open},
        row{"a_retransmitted_fin_does_not_change_the_order",
            exchange()
                .after(1s)
                .close(server, close_reason::idle_deadline)
                .fin(server)
                .close(client, close_reason::peer_fin, tcp_state::close_wait)
                .fin(client)
                .fin_again(server)
                .ack(client)
                .ack(server)
                .table(server, tcp_state::time_wait)
                .table(client, std::nullopt),
            party::server, party::none, party::server, ending::orderly},
        // A late duplicate ACK meets a client that is gone: its RST ends the server's TIME_WAIT, not the connection.
        row{"a_reset_after_both_fins_were_acknowledged_is_still_orderly",
            exchange()
                .after(1s)
                .close(server, close_reason::idle_deadline)
                .fin(server)
                .close(client, close_reason::peer_fin, tcp_state::close_wait)
                .fin(client)
                .ack(server)
                .ack(server)
                .rst(client)
                .table(server, std::nullopt)
                .table(client, std::nullopt),
            party::server, party::client, party::none, ending::orderly},
        row{"without_a_wire_tables_decide", orderly(server).no_wire(), party::server, party::none, party::server,
            ending::orderly},
        row{"without_a_wire_both_tables_mean_both", crossed().no_wire(), party::both, party::none, party::both,
            ending::simultaneous},
        row{"without_a_wire_one_time_wait_outweighs_two_closes_from_established",
            exchange()
                .after(1s)
                .close(client, close_reason::idle_deadline)
                .close(server, close_reason::idle_deadline)
                .table(server, std::nullopt)
                .table(client, tcp_state::time_wait)
                .no_wire(),
            party::client, party::none, party::client, ending::orderly},
        row{"without_a_wire_a_reset_alone_shows_no_fin",
            exchange()
                .after(1s)
                .close(server, close_reason::idle_deadline)
                .says(client, role::event_kind::reset)
                .close(client, close_reason::peer_reset, tcp_state::closed)
                .table(server, std::nullopt)
                .table(client, std::nullopt)
                .no_wire(),
            party::none, party::server, party::none, ending::reset},
        row{"without_a_wire_empty_tables_show_the_reset_that_nobody_noticed",
            exchange()
                .after(1s)
                .close(server, close_reason::idle_deadline)
                .request_event(true)
                .says(client, role::event_kind::eof)
                .close(client, close_reason::lost_reuse, tcp_state::closed)
                .table(server, std::nullopt)
                .table(client, std::nullopt)
                .no_wire(),
            party::server,
            party::server,
            party::none,
            ending::reset,
            {2, 1, 1, 0},
            true},
        row{"without_a_wire_a_fin_noticed_before_the_reset_counts",
            exchange()
                .after(1s)
                .close(server, close_reason::idle_deadline)
                .says(client, role::event_kind::eof)
                .says(client, role::event_kind::reset)
                .close(client, close_reason::lost_reuse, tcp_state::closed)
                .no_wire(),
            party::server, party::server, party::none, ending::reset},
        row{"without_wire_and_tables_the_subjects_decide",
            exchange()
                .after(1s)
                .close(client, close_reason::idle_deadline)
                .close(server, close_reason::peer_fin, tcp_state::close_wait)
                .no_wire(),
            party::client, party::none, party::none, ending::orderly}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(VerdictEvidence, WithoutAWireTheIdlePeriodIsOnTheClockOfTheSideThatEndedIt) {
    const auto decided = exchange()
                             .says(server, role::event_kind::response_sent)
                             .after(40ms)  // the client is slow to wake up
                             .says(client, role::event_kind::response_received)
                             .after(60ms)
                             .close(server, close_reason::idle_deadline)
                             .close(client, close_reason::peer_fin, tcp_state::close_wait)
                             .no_wire()
                             .verdict_on();
    ASSERT_TRUE(decided.idle_at_close);
    EXPECT_GE(*decided.idle_at_close, 100ms);
    EXPECT_LE(*decided.idle_at_close, 105ms);
}

TEST(VerdictEvidence, WireAndTimeWaitThatDisagreeAreAConflict) {
    const auto decided = orderly(server).table(client, tcp_state::time_wait).verdict_on();
    EXPECT_NE(decided.conflict.find("wire"), std::string::npos) << decided.conflict;
    EXPECT_NE(decided.conflict.find("the client's table holds TIME_WAIT"), std::string::npos) << decided.conflict;
}

TEST(VerdictEvidence, CloseWaitBeforeOnesOwnCloseContradictsBeingFirst) {
    const auto decided = exchange()
                             .close(server, close_reason::idle_deadline, tcp_state::close_wait)
                             .fin(server)
                             .close(client, close_reason::peer_fin, tcp_state::established)
                             .fin(client)
                             .ack(server)
                             .table(server, std::nullopt)
                             .table(client, std::nullopt)
                             .verdict_on();
    EXPECT_NE(decided.conflict, "");
}

TEST(VerdictEvidence, EstablishedBeforeOnesOwnCloseIsWeakAndContradictsNothing) {
    const auto decided = exchange()
                             .close(server, close_reason::idle_deadline)
                             .fin(server)
                             .close(client, close_reason::idle_deadline, tcp_state::established)
                             .fin(client)
                             .ack(server)
                             .table(server, tcp_state::time_wait)
                             .table(client, std::nullopt)
                             .verdict_on();
    EXPECT_EQ(decided.conflict, "");
    EXPECT_EQ(decided.first_fin, party::server);
}

TEST(VerdictEvidence, ImpossibleAcknowledgmentsAreAConflict) {
    auto told = orderly(server).told();
    for (auto& one : told.segments)
        if (one.from == server && one.has(witness::tcp_flag::fin)) one.ack += 200;
    // The server's FIN now acknowledges bytes that the client sends later: no two TCPs do that.
    const auto decided = judge(told);
    EXPECT_TRUE(!decided.conflict.empty() || !decided.invalid.empty());
}

TEST(VerdictRequests, OfAClientThatReportsNothingAreTheTurnsOnTheWire) {
    auto seen = exchange()
                    .data(client, 80)
                    .data(server, 1000)
                    .data(server, 1000)
                    .ack(client)
                    .data(client, 80)
                    .crossed_fin(server)
                    .rst(client)
                    .told();
    std::erase_if(seen.events, [](const auto& one) { return one.from == client; });
    const auto decided = judge(seen);
    EXPECT_EQ(decided.requests.sent, 3U);
    EXPECT_EQ(decided.requests.answered, 2U);
    EXPECT_EQ(decided.requests.true_race, 1U);
}

TEST(VerdictInvalid, ASegmentMissingFromTheCaptureIsSaid) {
    auto told = exchange().told();
    told.segments.erase(told.segments.begin() + 4);  // the response
    EXPECT_EQ(judge(told).invalid, "segments are missing from the capture");
}

TEST(VerdictInvalid, ACaptureWithoutTheHandshakeIsSaid) {
    auto told = orderly(server).told();
    told.segments.erase(told.segments.begin(), told.segments.begin() + 3);
    EXPECT_NE(judge(told).invalid, "");
}

TEST(VerdictInvalid, TheInstrumentsOwnFaultsComeFirst) {
    EXPECT_EQ(orderly(server).fault("the server ended: signal 9 (Killed)").verdict_on().invalid,
              "the server ended: signal 9 (Killed)");
}

TEST(VerdictInvalid, NothingSeenAtAll) {
    EXPECT_NE(judge(witness::timeline{}).invalid, "");
}

TEST(VerdictIdle, CountsFromTheLastResponseByteToTheFirstFin) {
    const auto decided = exchange().after(65s).fin(server).told();
    const auto idle = judge(decided).idle_at_close;
    ASSERT_TRUE(idle);
    // The response, its event, the client's ACK and the FIN are a millisecond apart each.
    EXPECT_EQ(*idle, 65s + 3ms);
}

TEST(VerdictIdle, CountsFromTheHandshakeWhenNothingWasAsked) {
    const auto idle = story().handshake().after(60s).fin(server).verdict_on().idle_at_close;
    ASSERT_TRUE(idle);
    EXPECT_EQ(*idle, 60s + 3ms);
}

TEST(VerdictIdle, IsMissingWhileNobodyCloses) {
    EXPECT_FALSE(exchange().verdict_on().idle_at_close);
}

}  // namespace
}  // namespace firstfin::testing
