#include <gtest/gtest.h>

#include "tests/harness/capture_reading/told_capture.hpp"

namespace firstfin::testing {
namespace {

using namespace capture_reading;
using namespace std::chrono_literals;
constexpr auto server = side::server;
constexpr auto client = side::client;

// Segments 0 to 5: SYN, SYN+ACK, ACK, request, response, ACK.
story exchange() {
    return story().handshake().request().response().ack(client);
}

// 6 FIN, 7 ACK, 8 the other FIN, 9 its ACK
story orderly(side first) {
    return exchange().after(65s).fin(first).ack(other(first)).fin(other(first)).ack(first);
}

// 6 FIN, 7 the other FIN, 8 and 9 the ACKs
story crossed() {
    return exchange().after(1s).fin(server).crossed_fin(client).ack(server).ack(client);
}

// 6 the server's FIN, (7 the client's ACK,) the request, the RST
story lost_reuse(bool client_knew) {
    auto told = exchange().after(65s).fin(server);
    if (client_knew)
        told.ack(client).data(client, 80);
    else
        told.crossed_data(client, 80);
    return told.rst(server);
}

struct row {
    const char* name;
    told_capture seen;
    std::optional<party> closed_first;
    std::optional<ending> how;
    capture_gap unknown = capture_gap::none;
    loss lost = loss::none;
    std::uint32_t requests = 1;
};

class Connection : public ::testing::TestWithParam<row> {};

TEST_P(Connection, IsRead) {
    const auto& expected = GetParam();
    const auto all = expected.seen.records();
    ASSERT_EQ(all.size(), 1U);
    const auto& one = all.front();
    EXPECT_EQ(one.ends, expected.seen.ends);
    EXPECT_EQ(to_text(one.unknown), to_text(expected.unknown));
    ASSERT_EQ(one.closed_first().has_value(), expected.closed_first.has_value());
    if (expected.closed_first) {
        EXPECT_EQ(to_text(*one.closed_first()), to_text(*expected.closed_first));
    }
    ASSERT_EQ(one.ending.has_value(), expected.how.has_value());
    if (expected.how) {
        EXPECT_EQ(to_text(*one.ending), to_text(*expected.how));
    }
    EXPECT_EQ(to_text(one.lost), to_text(expected.lost));
    EXPECT_EQ(one.requests, expected.requests);
    EXPECT_FALSE(one.impossible);
}

told_capture capture(const story& told) {
    return told_capture(told);
}

INSTANTIATE_TEST_SUITE_P(
    Names, Connection,
    ::testing::Values(
        row{"server_first", capture(orderly(server)), party::server, ending::orderly},
        row{"client_first", capture(orderly(client)), party::client, ending::orderly},
        row{"crossed", capture(crossed()), party::both, ending::simultaneous},
        row{"open", capture(exchange()), party::none, ending::open},
        row{"server_resets", capture(exchange().after(1s).rst(server)), party::server, ending::reset},
        row{"half_closed", capture(exchange().after(1s).fin(server).ack(client)), party::server, ending::half_closed},
        row{"duplicates", capture(orderly(client)).every_segment_twice(), party::client, ending::orderly},
        row{"payload_cut_away", capture(orderly(server)).payload_captured(0), party::server, ending::orderly},
        // A capture from the other end shows the client's FIN first: time tells nothing.
        row{"fins_seen_in_the_wrong_order", capture(orderly(server).lose_last_segment()).without(7).swapped(6),
            party::server, ending::orderly},
        row{"crossed_fins_seen_in_the_other_order", capture(crossed()).swapped(6), party::both, ending::simultaneous},
        // The first FIN got lost on its way; the retransmission knows of the client's FIN, which knew of it not.
        row{"crossed_fin_and_its_retransmission",
            capture(exchange().after(1s).fin(server).crossed_fin(client).ack(server).fin_again(server).ack(client)),
            party::both, ending::simultaneous},
        row{"only_the_retransmission_of_a_crossed_fin",
            capture(exchange().after(1s).fin(server).crossed_fin(client).ack(server).fin_again(server).ack(client))
                .without(6),
            std::nullopt, std::nullopt, capture_gap::first_fin_missing},
        row{"a_late_copy_of_the_first_fin_is_still_the_first",
            capture(exchange().after(1s).fin(server).ack(client).fin(client).fin_again(server)).without(6),
            party::server, ending::orderly},

        row{"begins_before_the_request", capture(orderly(server)).from_segment(3), party::server, ending::orderly},
        row{"begins_at_the_first_fin", capture(orderly(server)).from_segment(6).ports(40000, 80), party::server,
            ending::orderly, capture_gap::none, loss::none, 0},
        row{"begins_after_the_first_fin", capture(orderly(server)).from_segment(7).ports(40000, 80), std::nullopt,
            std::nullopt, capture_gap::mid_connection, loss::none, 0},
        row{"begins_idle_and_one_side_never_closes",
            capture(exchange().after(1s).ack(server).ack(client).fin(server).ack(client)).from_segment(6), std::nullopt,
            std::nullopt, capture_gap::mid_connection, loss::none, 0},
        row{"mid_connection_reset_is_a_reset_of_unknown_order", capture(exchange().rst(server)).from_segment(5),
            std::nullopt, ending::reset, capture_gap::mid_connection, loss::none, 0},
        row{"only_the_server", capture(orderly(server)).only(server), std::nullopt, std::nullopt,
            capture_gap::one_direction, loss::none, 0},
        row{"only_the_client", capture(orderly(server)).only(client), std::nullopt, std::nullopt,
            capture_gap::one_direction},
        row{"the_only_fin_there_may_be_the_second", capture(orderly(server)).without(6), std::nullopt, std::nullopt,
            capture_gap::segments_missing},
        row{"holes_elsewhere_do_not_matter", capture(orderly(server)).without(4), party::server, ending::orderly},

        row{"stale_reuse", capture(lost_reuse(true)), party::server, ending::reset, capture_gap::none,
            loss::stale_reuse, 2},
        row{"true_race", capture(lost_reuse(false)), party::server, ending::reset, capture_gap::none, loss::true_race,
            2},
        row{"lost_without_seeing_payload", capture(lost_reuse(true)).payload_captured(0), party::server, ending::reset,
            capture_gap::none, loss::stale_reuse, 2},
        row{"lost_to_a_fin_without_a_reset",
            capture(exchange().after(1s).fin(server).crossed_data(client, 80).ack(server).fin(client).ack(server)),
            party::server, ending::orderly, capture_gap::none, loss::true_race, 2},
        row{"lost_to_a_reset_alone", capture(exchange().after(1s).data(client, 80).rst(server)), party::server,
            ending::reset, capture_gap::none, loss::true_race, 2},
        row{"lost_but_the_servers_fin_may_be_before_the_capture",
            capture(exchange().after(1s).fin(server).ack(client).data(client, 80).rst(server)).from_segment(7),
            std::nullopt, ending::reset, capture_gap::mid_connection, loss::undecided},
        row{"given_up_by_the_client", capture(exchange().data(client, 80).after(5s).fin(client).rst(server)),
            party::client, ending::reset, capture_gap::none, loss::none, 2},
        row{"aborted_by_the_client", capture(exchange().data(client, 80).rst(client)), party::client, ending::reset,
            capture_gap::none, loss::none, 2},
        // 6 request, 7 its answer: not captured, but acknowledged
        row{"an_answer_that_was_not_captured",
            capture(
                exchange().data(client, 80).data(server, 120).ack(client).after(1s).fin(server).ack(client).fin(client))
                .without(7),
            party::server, ending::orderly, capture_gap::none, loss::none, 2},
        row{"a_tls_goodbye_is_no_request",
            capture(exchange().after(65s).fin(server).ack(client).data(client, 24).rst(server))
                .client_says(std::string("\x17\x03\x03\x00\x13", 5)),
            party::server, ending::reset, capture_gap::none, loss::none, 2},
        row{"what_is_as_short_as_a_goodbye_is_no_request_when_unseen",
            capture(exchange().after(65s).fin(server).ack(client).data(client, 24).rst(server)).payload_captured(0),
            party::server, ending::reset, capture_gap::none, loss::none, 2}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(ConnectionSides, AreTakenFromTheSynWhateverThePorts) {
    const auto all = capture(orderly(server)).ports(80, 40000).records();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].server_by, server_evidence::syn);
    EXPECT_EQ(all[0].ends.server.port(), 40000);
}

TEST(ConnectionSides, AreTakenFromTheSynAckWhereTheSynIsMissing) {
    const auto all = capture(orderly(server)).from_segment(1).ports(80, 40000).records();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].server_by, server_evidence::syn);
    EXPECT_EQ(all[0].ends.server.port(), 40000);
    EXPECT_FALSE(all[0].mid_connection);
}

TEST(ConnectionSides, AreTakenFromRequestsAndResponsesWithoutASyn) {
    for (const std::size_t first : {2U, 3U, 4U}) {
        // The first segment alone would make the lower port the server.
        const auto all = capture(orderly(server)).from_segment(first).ports(80, 40000).records();
        ASSERT_EQ(all.size(), 1U) << first;
        EXPECT_EQ(all[0].server_by, server_evidence::http) << first;
        EXPECT_EQ(all[0].ends.server.port(), 40000) << first;
        EXPECT_EQ(all[0].closed_first(), party::server) << first;
        EXPECT_EQ(all[0].requests, first == 4 ? 0U : 1U) << first;
        EXPECT_TRUE(all[0].mid_connection);
    }
}

TEST(ConnectionSides, LearntLateChangeTheVerdictOnALostRequestToo) {
    // Until the request is seen, the lower port passes for the server.
    const auto all = capture(exchange().ack(server).data(client, 80).rst(server)).from_segment(6).ports(80, 40000);
    const auto read = all.records();
    ASSERT_EQ(read.size(), 1U);
    EXPECT_EQ(read[0].ends.server.port(), 40000);
    EXPECT_EQ(read[0].reset, party::server);
    EXPECT_EQ(read[0].lost, loss::undecided);
    EXPECT_TRUE(read[0].reset_destroyed_request);
}

TEST(ConnectionSides, AreTheCallersWordBeforeAnyGuess) {
    const auto told = capture(orderly(server)).from_segment(5).payload_captured(0).ports(80, 40000);
    EXPECT_EQ(told.records()[0].server_by, server_evidence::lower_port);
    EXPECT_EQ(told.records()[0].ends.server.port(), 80);
    const auto all = told.records(40000);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].server_by, server_evidence::port_given);
    EXPECT_EQ(all[0].ends.server.port(), 40000);
}

TEST(ConnectionSides, AreUnknownBetweenEqualPorts) {
    const auto all = capture(orderly(server)).from_segment(5).payload_captured(0).ports(8080, 8080).records();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].server_by, server_evidence::none);
    EXPECT_FALSE(all[0].closed_first());
}

TEST(ConnectionSides, APortSelectsServersAlone) {
    const auto told = capture(orderly(server)).ports(8080, 80);
    EXPECT_EQ(told.records(80).size(), 1U);
    EXPECT_TRUE(told.records(8080).empty());
    EXPECT_TRUE(told.records(443).empty());
}

TEST(ConnectionTime, IdleCountsFromTheLastPayloadOfEitherSide) {
    EXPECT_EQ(capture(orderly(server)).records()[0].idle_at_close, 65s + 3ms);
    EXPECT_EQ(capture(story().handshake().after(60s).fin(server)).records()[0].idle_at_close, 60s + 3ms);
    EXPECT_LT(capture(orderly(server)).from_segment(5).records()[0].idle_at_close, 0s);
    EXPECT_LT(capture(exchange()).records()[0].idle_at_close, 0s);
}

TEST(ConnectionTime, RunsFromTheFirstToTheLastSegment) {
    const auto told = capture(orderly(server));
    const auto one = told.records()[0];
    EXPECT_EQ(one.began, told.segments.front().at.time_since_epoch());
    EXPECT_EQ(one.lasted, told.segments.back().at - told.segments.front().at);
    EXPECT_EQ(one.segments, 10U);
}

TEST(ConnectionAttempt, IsRefusedOrUnanswered) {
    auto refused = capture(story().handshake().rst(server));
    refused.segments.erase(refused.segments.begin() + 1, refused.segments.begin() + 3);
    EXPECT_EQ(refused.records()[0].kind, connection_kind::refused);
    EXPECT_EQ(capture(story().handshake()).only(client).without(1).records()[0].kind, connection_kind::unanswered);
    EXPECT_EQ(capture(story().handshake()).records()[0].kind, connection_kind::connection);
}

TEST(PortReuse, IsAConnectionOfItsOwn) {
    for (const auto later : {70s, 100s, 1000s})
        for (const auto& told : {orderly(server), crossed(), exchange().rst(client), exchange()}) {
            const auto all = capture(told).and_again(later, 77'777).records();
            ASSERT_EQ(all.size(), 2U) << later.count();
            EXPECT_EQ(all[0].segments, told.told().segments.size());
            EXPECT_EQ(all[1].segments, told.told().segments.size());
            EXPECT_EQ(all[0].ending, all[1].ending);
            EXPECT_EQ(all[0].closed_first(), all[1].closed_first());
        }
}

TEST(PortReuse, IsSeenInOneDirectionToo) {
    for (const auto from : {server, client}) {
        const auto all = capture(orderly(server)).and_again(100s, 77'777).only(from).records();
        EXPECT_EQ(all.size(), 2U);
    }
}

TEST(StraySegments, OfAConnectionThatIsOverMakeNoOther) {
    auto told = capture(orderly(server));
    auto stray = told.segments.back();
    stray.at += 100s;
    told.segments.push_back(stray);
    EXPECT_EQ(told.records().size(), 1U);
}

TEST(Floods, OfSynsAreHandedOverEarly) {
    std::uint64_t most_waiting = 0;
    std::uint64_t handed_over = 0;
    connection_table table({}, [&handed_over](const auto& one) {
        ++handed_over;
        EXPECT_EQ(one.kind, connection_kind::unanswered);
    });
    witness::packet syn;
    syn.destination = endpoint(boost::asio::ip::make_address("10.0.0.1"), 80);
    syn.flags = witness::tcp_flag::syn;
    constexpr std::uint32_t flood = 205'000;
    for (std::uint32_t number = 0; number < flood; ++number) {
        syn.source = endpoint(boost::asio::ip::address_v4(0x0b00'0000U + number), 1234);
        table.add(std::chrono::microseconds(number), syn, {});
        most_waiting = std::max(most_waiting, table.connections() - handed_over);
    }
    EXPECT_LE(most_waiting, 200'000U);
    table.finish();
    EXPECT_EQ(handed_over, flood);
}

TEST(ImpossibleAcknowledgments, AreSaid) {
    auto told = capture(orderly(server).lose_last_segment());
    for (auto& one : told.segments)
        if (one.from == server && one.has(witness::tcp_flag::fin)) one.ack += 1;
    const auto all = told.records();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_TRUE(all[0].impossible);
    EXPECT_TRUE(all[0].is_finding());
}

TEST(Requests, AreCountedByRequestLines) {
    auto told = exchange();
    told.data(client, 80).data(server, 30).data(client, 500).data(server, 120);
    auto seen = capture(told);
    EXPECT_EQ(seen.records()[0].counted_by, request_basis::http);
    EXPECT_EQ(seen.records()[0].requests, 3U);
    seen.payload_captured(0);
    EXPECT_EQ(seen.records()[0].counted_by, request_basis::turns);
    EXPECT_EQ(seen.records()[0].requests, 3U);
    seen.payload_captured(~0U).client_says("\x16\x03\x01 TLS");
    EXPECT_EQ(seen.records()[0].counted_by, request_basis::turns);
}

}  // namespace
}  // namespace firstfin::testing
