#include "harness/measure/measure.hpp"

#include <gtest/gtest.h>

#include "tests/harness/verdict/story.hpp"

namespace firstfin {
namespace {

using namespace std::chrono_literals;
using testing::story;
constexpr auto server = side::server;
constexpr auto client = side::client;

story exchange() {
    return story().handshake().request().response();
}

story four_steps(side first) {
    return exchange().after(1s).fin(first).ack(other(first)).after(400ms).fin(other(first)).ack(first);
}

story three_steps() {
    return exchange().after(1s).fin(server).fin(client).ack(server);
}

story crossed() {
    return exchange().after(1s).fin(server).crossed_fin(client).ack(server).ack(client);
}

store::trial_record trial_of(const story& told) {
    store::trial_record out;
    out.timeline = told.told();
    out.verdict = judge(out.timeline);
    return out;
}

std::string read(std::string_view name, const store::trial_record& trial) {
    const auto* of = measure::find(name);
    if (of == nullptr || !of->of_trial) return "no such measure of a trial";
    const auto seen = of->of_trial(trial);
    return seen ? measure::to_text(*of, *seen) : "nothing";
}

struct row {
    std::string_view name;
    std::string_view measure;
    story told;
    std::string_view expected;
};

class Measure : public ::testing::TestWithParam<row> {};

TEST_P(Measure, Reads) {
    EXPECT_EQ(read(GetParam().measure, trial_of(GetParam().told)), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Names, Measure,
    ::testing::Values(
        row{"first_fin", "first_fin", four_steps(server), "server"},
        row{"no_first_fin", "first_fin", exchange(), "none"},
        row{"handshake", "handshake", exchange(), "SYN 0x002, SYN+ACK 0x012, ACK 0x010"},
        row{"no_handshake", "handshake", story(), "nothing"},
        row{"numbers", "handshake_numbers", exchange(), "number + 1"},
        row{"client_opens", "client_opening", exchange(), "CLOSED, SYN_SENT, ESTABLISHED"},
        row{"server_opens", "server_opening", exchange(), "LISTEN, SYN_RCVD, ESTABLISHED"},
        row{"four_steps", "closing_segments", four_steps(server), "4"},
        row{"three_steps", "closing_segments", three_steps(), "3"},
        row{"a_reset_is_no_step", "closing_segments", three_steps().ack(server).rst(client), "4"},
        row{"no_step", "closing_segments", exchange(), "nothing"},
        row{"first_closer", "server_closing", four_steps(server), "FIN_WAIT_1, FIN_WAIT_2, TIME_WAIT"},
        row{"second_closer", "client_closing", four_steps(server), "CLOSE_WAIT, LAST_ACK, CLOSED"},
        row{"the_other_way_round", "client_closing", four_steps(client), "FIN_WAIT_1, FIN_WAIT_2, TIME_WAIT"},
        row{"merged", "server_closing", three_steps(), "FIN_WAIT_1, TIME_WAIT"},
        row{"both_close", "client_closing", crossed(), "FIN_WAIT_1, CLOSING, TIME_WAIT"},
        row{"last_answer", "server_table",
            exchange().table(server, tcp_state::time_wait).table(client, std::nullopt).table(server, std::nullopt),
            "gone"},
        row{"never_asked", "server_table", exchange(), "nothing"},
        row{"keeps", "response_says", exchange(), "keep-alive"},
        row{"one_handshake", "handshakes_per_request", exchange().request().response(), "0.5"},
        row{"no_request_answered", "handshakes_per_request", story().handshake(), "nothing"},
        row{"segments", "segments_per_request", story().handshake().request().response(), "5"},
        row{"idle", "idle_at_close", four_steps(server), "1.0s"},
        row{"never_idle", "idle_at_close", exchange(), "nothing"},
        row{"time_wait_lasts", "time_wait_length",
            exchange()
                .table(server, tcp_state::fin_wait_2)
                .table(server, tcp_state::time_wait)
                .after(60s)
                .table(server, tcp_state::time_wait)
                .table(server, std::nullopt),
            "60.0s"},
        row{"time_wait_of_the_client", "time_wait_length",
            exchange()
                .table(server, std::nullopt)
                .table(client, tcp_state::time_wait)
                .after(20s)
                .table(client, std::nullopt),
            "20.0s"},
        row{"its_end_was_not_seen", "time_wait_length",
            exchange().table(server, tcp_state::time_wait).after(60s).table(server, tcp_state::time_wait), "nothing"},
        row{"an_orphan_lasts", "fin_wait_2_length",
            exchange().table(server, tcp_state::fin_wait_2).after(20s).table(server, std::nullopt), "20.0s"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(MeasureBytes, CountHeadersAndPayload) {
    auto trial = trial_of(exchange());
    for (auto& one : trial.timeline.segments)
        one.headers = 52;
    double bytes = 0;
    for (const auto& one : trial.timeline.segments)
        bytes += 52 + one.payload;
    EXPECT_EQ(read("bytes_per_request", trial), fmt::format("{:.4g}", bytes));
}

TEST(MeasureResponse, SenderAndReaderMayDiffer) {
    auto trial = trial_of(exchange());
    for (auto& one : trial.timeline.events)
        if (one.kind == role::event_kind::response_received) one.says_close = true;
    EXPECT_EQ(read("response_says", trial), "close");
    witness::subject_event sent;
    sent.kind = role::event_kind::response_sent;
    trial.timeline.events.push_back(sent);
    EXPECT_EQ(read("response_says", trial), "sender and reader differ");
}

TEST(MeasureSockets, AddUpAllStages) {
    measure::last_counts counts;
    counts.of_stages = {{1s, 0, server, {{tcp_state::listen, 1}, {tcp_state::time_wait, 2}}},
                        {1s, 1, server, {{tcp_state::time_wait, 3}}},
                        {1s, 0, client, {{tcp_state::close_wait, 1}}}};
    EXPECT_EQ(measure::find("server_sockets")->of_run(counts)->word, "LISTEN 1, TIME_WAIT 5");
    EXPECT_EQ(measure::find("client_sockets")->of_run(counts)->word, "CLOSE_WAIT 1");
}

struct value {
    std::string_view name;
    std::string_view measure;
    std::string_view text;
    bool accepted;
};

class ExpectedValue : public ::testing::TestWithParam<value> {};

TEST_P(ExpectedValue, IsAcceptedOrRefused) {
    const auto parsed = measure::parse_expected(*measure::find(GetParam().measure), GetParam().text);
    EXPECT_EQ(parsed.has_value(), GetParam().accepted);
    if (!parsed) {
        EXPECT_FALSE(parsed.error().message.empty());
    }
}

INSTANTIATE_TEST_SUITE_P(
    Names, ExpectedValue,
    ::testing::Values(
        value{"party", "first_fin", "both", true}, value{"no_party", "first_fin", "sever", false},
        value{"ending", "ending", "half_closed", true}, value{"no_ending", "ending", "server", false},
        value{"says", "response_says", "keep-alive", true}, value{"says_nothing", "response_says", "maybe", false},
        value{"number", "closing_segments", "4", true}, value{"numbers", "closing_segments", "3..4", true},
        value{"backwards", "closing_segments", "4..3", false}, value{"no_number", "closing_segments", "four", false},
        value{"empty_end", "closing_segments", "3..", false}, value{"seconds", "idle_at_close", "59.5s..61s", true},
        value{"unit_missing", "idle_at_close", "60..61", false}, value{"any_word", "server_sockets", "LISTEN 1", true},
        value{"no_word", "server_sockets", "", false}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(MeasureHolds, ToleranceIsLatenessAndWidensTheEndAlone) {
    const auto& idle = *measure::find("idle_at_close");
    const auto wanted = measure::parse_expected(idle, "60s..61s").value();
    EXPECT_TRUE(measure::holds(idle, wanted, {{}, 61.2}, 0.3));
    EXPECT_FALSE(measure::holds(idle, wanted, {{}, 61.4}, 0.3));
    EXPECT_FALSE(measure::holds(idle, wanted, {{}, 59.9}, 0.3));
}

}  // namespace
}  // namespace firstfin
