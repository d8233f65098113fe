#include "harness/witness/joiner.hpp"

#include <gtest/gtest.h>

namespace firstfin::witness {
namespace {

using namespace std::chrono_literals;
using role::event_kind;

const endpoint server_end(boost::asio::ip::make_address("10.64.0.1"), 8080);
const endpoint client_end(boost::asio::ip::make_address("10.64.0.2"), 40'000);

role::event event_of(event_kind kind, std::uint64_t conn, std::optional<std::uint64_t> trial = {}) {
    role::event out;
    out.kind = kind;
    out.conn = conn;
    out.trial = trial;
    if (kind == event_kind::accepted) {
        out.local = server_end;
        out.remote = client_end;
    }
    if (kind == event_kind::connected) {
        out.local = client_end;
        out.remote = server_end;
    }
    return out;
}

packet packet_of(side from, std::uint8_t flags, std::uint32_t seq) {
    packet out;
    out.source = from == side::client ? client_end : server_end;
    out.destination = from == side::client ? server_end : client_end;
    out.flags = flags;
    out.seq = seq;
    return out;
}

struct Joiner : ::testing::Test {
    std::map<std::uint64_t, joiner::connection_ptr> by_trial;
    joiner join{[this](const joiner::connection_ptr& one) {
        if (one->trial) by_trial[*one->trial] = one;
    }};
    void wire(side from, std::uint8_t flags, std::uint32_t seq) {
        join.add(time_point{}, packet_of(from, flags, seq), from);
    }
};

TEST_F(Joiner, PutsAllStreamsOfAConnectionTogetherInAnyOrder) {
    join.add(0, side::server, event_of(event_kind::accepted, 1));
    wire(side::client, tcp_flag::syn, 100);
    wire(side::server, tcp_flag::syn | tcp_flag::ack, 200);
    join.add(0, side::client, event_of(event_kind::connected, 1, 17));
    join.add(0, side::server, event_of(event_kind::close, 1));
    ASSERT_TRUE(by_trial.contains(17));
    const auto& one = *by_trial[17];
    EXPECT_EQ(one.seen.segments.size(), 2U);
    EXPECT_EQ(one.seen.events.size(), 3U);
    EXPECT_TRUE(one.closed[static_cast<std::size_t>(side::server)]);
    EXPECT_FALSE(one.closed[static_cast<std::size_t>(side::client)]);
}

TEST_F(Joiner, KeepsConnectionsOfAPortThatCameBackApart) {
    for (const auto number : {1U, 2U}) {
        wire(side::client, tcp_flag::syn, 100 * number);
        wire(side::server, tcp_flag::syn | tcp_flag::ack, 50);
    }
    // The events arrive later, those of both connections of one side first.
    for (const auto conn : {1U, 2U})
        join.add(0, side::server, event_of(event_kind::accepted, conn));
    for (const auto conn : {1U, 2U})
        join.add(0, side::client, event_of(event_kind::connected, conn, conn));
    ASSERT_EQ(by_trial.size(), 2U);
    EXPECT_NE(by_trial[1], by_trial[2]);
    for (const auto trial : {1U, 2U}) {
        EXPECT_EQ(by_trial[trial]->seen.segments.size(), 2U);
        EXPECT_EQ(by_trial[trial]->seen.segments.front().seq, 100 * trial);
    }
}

TEST_F(Joiner, ARepeatedSynIsTheSameConnection) {
    wire(side::client, tcp_flag::syn, 100);
    wire(side::client, tcp_flag::syn, 100);
    join.add(0, side::client, event_of(event_kind::connected, 1, 5));
    EXPECT_EQ(by_trial[5]->seen.segments.size(), 2U);
}

TEST_F(Joiner, ProcessesNumberTheirConnectionsApart) {
    join.add(0, side::server, event_of(event_kind::accepted, 1));
    auto close = event_of(event_kind::close, 1);
    join.add(1, side::server, close);
    join.add(0, side::client, event_of(event_kind::connected, 1, 5));
    EXPECT_FALSE(by_trial[5]->closed[static_cast<std::size_t>(side::server)]);
}

TEST_F(Joiner, KnowsTheTrialOfASilentClientByTheServersAddress) {
    join.expect(server_end.address(), 17);
    EXPECT_TRUE(join.expects(server_end.address()));
    EXPECT_FALSE(join.expects(client_end.address()));
    // A built-in server may have reported it before the wire shows it.
    join.add(0, side::server, event_of(event_kind::accepted, 1));
    EXPECT_FALSE(by_trial.contains(17));
    wire(side::client, tcp_flag::syn, 100);
    ASSERT_TRUE(by_trial.contains(17));
    const auto one = by_trial[17];
    EXPECT_TRUE(one->by_address);
    EXPECT_FALSE(one->used);
    wire(side::server, tcp_flag::syn | tcp_flag::ack, 200);
    by_trial.clear();
    auto request = packet_of(side::client, tcp_flag::ack, 101);
    request.payload = 80;
    join.add(time_point{}, request, side::client);
    EXPECT_TRUE(one->used);
    EXPECT_TRUE(by_trial.contains(17)) << "its first request is news";
    by_trial.clear();
    wire(side::server, tcp_flag::ack, 201);
    EXPECT_FALSE(by_trial.contains(17)) << "an acknowledgment is none";
    EXPECT_FALSE(one->ends);
    wire(side::server, tcp_flag::fin | tcp_flag::ack, 201);
    EXPECT_TRUE(one->ends);
    EXPECT_TRUE(by_trial.contains(17));
    EXPECT_EQ(one->seen.events.size(), 1U);
}

TEST_F(Joiner, DropsWhatComesAfterTheVerdict) {
    wire(side::client, tcp_flag::syn, 100);
    join.add(0, side::client, event_of(event_kind::connected, 1, 5));
    const auto one = by_trial[5];
    join.forget(one);
    wire(side::server, tcp_flag::rst, 1);
    join.add(0, side::client, event_of(event_kind::close, 1));
    EXPECT_EQ(one->seen.segments.size(), 1U);
    EXPECT_EQ(one->seen.events.size(), 1U);
}

TEST_F(Joiner, IgnoresSegmentsOfConnectionsItNeverSawBegin) {
    wire(side::server, tcp_flag::fin | tcp_flag::ack, 1);
    join.add(0, side::server, event_of(event_kind::close, 9));
    EXPECT_TRUE(by_trial.empty());
}

}  // namespace
}  // namespace firstfin::witness
