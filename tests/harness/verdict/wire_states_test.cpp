#include "harness/verdict/wire_states.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>

#include "tests/harness/verdict/story.hpp"

namespace firstfin {
namespace {

using testing::story;
namespace flag = witness::tcp_flag;

struct row {
    std::string name;
    std::function<void(story&)> tell;
    std::vector<std::string> states;  ///< client server, after each segment behind the handshake
};

void PrintTo(const row& one, std::ostream* out) {
    *out << one.name;
}

std::vector<std::string> states_of(const witness::timeline& seen, std::size_t from) {
    std::vector<std::string> out;
    const auto all = states_after_each(seen.segments);
    for (std::size_t at = from; at < all.size(); ++at)
        out.push_back(fmt::format("{} {}", textbook_name(all[at].client), textbook_name(all[at].server)));
    return out;
}

class WireStates : public ::testing::TestWithParam<row> {};

TEST_P(WireStates, FollowTheDiagram) {
    story now;
    now.handshake();
    GetParam().tell(now);
    EXPECT_EQ(states_of(now.told(), 3), GetParam().states);
}

// Each is a walk through RFC 9293, figure 5.
INSTANTIATE_TEST_SUITE_P(
    Endings, WireStates,
    ::testing::Values(
        row{"server_first_in_four_segments",
            [](story& now) { now.fin(side::server).ack(side::client).fin(side::client).ack(side::server); },
            {"CLOSE_WAIT FIN_WAIT_1", "CLOSE_WAIT FIN_WAIT_2", "LAST_ACK TIME_WAIT", "CLOSED TIME_WAIT"}},
        row{"server_first_in_three_segments",
            [](story& now) { now.fin(side::server).fin(side::client).ack(side::server); },
            {"CLOSE_WAIT FIN_WAIT_1", "LAST_ACK TIME_WAIT", "CLOSED TIME_WAIT"}},
        row{"client_first_in_three_segments",
            [](story& now) { now.fin(side::client).fin(side::server).ack(side::client); },
            {"FIN_WAIT_1 CLOSE_WAIT", "TIME_WAIT LAST_ACK", "TIME_WAIT CLOSED"}},
        row{"crossed_fins_pass_through_closing",
            [](story& now) { now.fin(side::server).crossed_fin(side::client).ack(side::client).ack(side::server); },
            {"ESTABLISHED FIN_WAIT_1", "FIN_WAIT_1 CLOSING", "CLOSING TIME_WAIT", "TIME_WAIT TIME_WAIT"}},
        row{"half_closed",
            [](story& now) { now.fin(side::server).ack(side::client); },
            {"CLOSE_WAIT FIN_WAIT_1", "CLOSE_WAIT FIN_WAIT_2"}},
        row{"a_half_closed_side_may_still_talk",
            [](story& now) { now.fin(side::client).ack(side::server).data(side::server, 10).ack(side::client); },
            {"FIN_WAIT_1 CLOSE_WAIT", "FIN_WAIT_2 CLOSE_WAIT", "FIN_WAIT_2 CLOSE_WAIT", "FIN_WAIT_2 CLOSE_WAIT"}},
        row{"a_fin_that_nothing_acknowledges_arrived_nowhere",
            [](story& now) { now.fin(side::server); },
            {"ESTABLISHED FIN_WAIT_1"}},
        row{"reset", [](story& now) { now.rst(side::server); }, {"CLOSED CLOSED"}},
        row{"a_request_meets_a_closed_server",
            [](story& now) { now.fin(side::server).crossed_data(side::client, 80).rst(side::server); },
            {"ESTABLISHED FIN_WAIT_1", "ESTABLISHED FIN_WAIT_1", "CLOSED CLOSED"}},
        row{"data_changes_nothing",
            [](story& now) { now.data(side::client, 80).data(side::server, 120); },
            {"ESTABLISHED ESTABLISHED", "ESTABLISHED ESTABLISHED"}},
        row{"a_fin_sent_again_changes_nothing",
            [](story& now) {
                now.fin(side::server).fin_again(side::server).ack(side::client).fin(side::client).ack(side::server);
            },
            {"CLOSE_WAIT FIN_WAIT_1", "CLOSE_WAIT FIN_WAIT_1", "CLOSE_WAIT FIN_WAIT_2", "LAST_ACK TIME_WAIT",
             "CLOSED TIME_WAIT"}},
        row{"a_reset_kills_time_wait",
            [](story& now) { now.fin(side::server).fin(side::client).ack(side::server).rst(side::client); },
            {"CLOSE_WAIT FIN_WAIT_1", "LAST_ACK TIME_WAIT", "CLOSED TIME_WAIT", "CLOSED CLOSED"}}),
    [](const auto& each) { return each.param.name; });

TEST(WireStatesOfTheBeginning, HandshakeAsInTheTextbook) {
    story now;
    now.handshake();
    EXPECT_EQ(states_before(now.told().segments), (side_states{tcp_state::closed, tcp_state::listen}));
    EXPECT_EQ(states_of(now.told(), 0),
              (std::vector<std::string>{"SYN_SENT SYN_RCVD", "ESTABLISHED SYN_RCVD", "ESTABLISHED ESTABLISHED"}));
}

TEST(WireStatesOfTheBeginning, AnUnansweredSynReachedNobody) {
    story now;
    now.handshake();
    auto seen = now.told();
    seen.segments.resize(1);
    EXPECT_EQ(states_of(seen, 0), std::vector<std::string>{"SYN_SENT LISTEN"});
}

TEST(WireStatesOfTheBeginning, ARefusedConnectionEndsWhereItBegan) {
    story now;
    now.handshake();
    auto seen = now.told();
    seen.segments.resize(1);
    const auto syn = seen.segments[0];
    seen.segments.push_back({syn.at, 0, syn.seq + 1, 0, side::server, flag::rst | flag::ack});
    EXPECT_EQ(states_of(seen, 0), (std::vector<std::string>{"SYN_SENT CLOSED", "CLOSED CLOSED"}));
}

TEST(WireStatesOfTheBeginning, ACaptureThatBeginsLaterAssumesEstablished) {
    story now;
    now.handshake().fin(side::server).fin(side::client).ack(side::server);
    auto seen = now.told();
    seen.segments.erase(seen.segments.begin(), seen.segments.begin() + 3);
    EXPECT_EQ(states_of(seen, 0).back(), "CLOSED TIME_WAIT");
    EXPECT_EQ(states_after_each({}), std::vector<side_states>{});
}

}  // namespace
}  // namespace firstfin
