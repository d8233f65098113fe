#include "tests/peers/nginx/comparison.hpp"

#include <gtest/gtest.h>

// Each row: a step of a case, what a client saw, and what the comparison says of it. The first row of every kind
// agrees; the others show that a wrong expectation is found.

namespace firstfin::testing {
namespace {

using namespace std::chrono_literals;
namespace tcp_flag = witness::tcp_flag;

constexpr tolerances allowed{.late = 0.2, .early = 0.02, .part = 0.001};
constexpr time_point start{100s};

witness::segment sent(side from, duration at, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
                      std::uint32_t payload = 0) {
    return {start + at, seq, ack, payload, from, static_cast<std::uint8_t>(flags | tcp_flag::ack), 52};
}

/// Connected at 0 s, a request at 1 s, its answer at 1.1 s.
std::vector<witness::segment> exchange() {
    return {{start, 99, 0, 0, side::client, tcp_flag::syn, 60},
            sent(side::server, 0ms, tcp_flag::syn, 199, 100),
            sent(side::client, 0ms, 0, 100, 200),
            sent(side::client, 1000ms, tcp_flag::psh, 100, 200, 10),
            sent(side::server, 1100ms, tcp_flag::psh, 200, 110, 20)};
}

enum class ends { none, server_fin_at_3100ms, server_reset_at_3100ms, client_fin_first, crossed };

std::vector<witness::segment> with(ends how) {
    auto out = exchange();
    switch (how) {
        case ends::none:
            break;
        case ends::server_fin_at_3100ms:
            out.push_back(sent(side::server, 3100ms, tcp_flag::fin, 220, 110));
            out.push_back(sent(side::client, 3200ms, tcp_flag::fin, 110, 221));
            break;
        case ends::server_reset_at_3100ms:
            out.push_back(sent(side::server, 3100ms, tcp_flag::rst, 220, 110));
            break;
        case ends::client_fin_first:
            out.push_back(sent(side::client, 2000ms, tcp_flag::fin, 110, 220));
            out.push_back(sent(side::server, 2001ms, tcp_flag::fin, 220, 111));
            break;
        case ends::crossed:
            out.push_back(sent(side::server, 3100ms, tcp_flag::fin, 220, 110));
            out.push_back(sent(side::client, 3100ms, tcp_flag::fin, 110, 220));
            break;
    }
    return out;
}

struct row {
    const char* name;
    step expected;
    observed_step observed;
    ends how = ends::none;
    std::vector<std::string> said = {};
};

observed_step answered(response what) {
    observed_step out;
    out.answer = std::move(what);
    return out;
}
response plain_answer() {
    return {.status = "200", .connection = "keep-alive", .keep_alive = "", .framing = "length", .body = 20};
}
expect_answer expecting(std::string status, std::string connection) {
    expect_answer out;
    out.status = std::move(status);
    out.connection = std::move(connection);
    return out;
}
expect_end ending_with(end_kind kind, double after, moment since = moment::answer) {
    expect_end out;
    out.kind = kind;
    out.after = after;
    out.since = since;
    return out;
}

std::vector<row> rows() {
    const observed_step nothing;
    auto hinted = expecting("200", "keep-alive");
    hinted.keep_alive = "timeout=20";
    auto chunked = expecting("200", "keep-alive");
    chunked.framing = "chunked";
    auto cut = plain_answer();
    cut.cut = true;
    auto old = plain_answer();
    old.version = 10;
    observed_step leftover;
    leftover.left = "HTTP/1.1 408";
    observed_step taken;
    taken.late_taken = true;
    observed_step server_waits;
    server_waits.time_wait = party::server;
    observed_step orphan;
    orphan.state = tcp_state::fin_wait_1;
    orphan.done = start + 2s;
    observed_step failed;
    failed.failure = "connect: refused";
    auto coarse = ending_with(end_kind::server_fin, 1.6);
    coarse.tolerance = 0.5;
    using enum end_kind;
    const auto fin = ends::server_fin_at_3100ms;
    return {
        {"answer", expecting("200", "keep-alive"), answered(plain_answer())},
        {"status",
         expecting("413", "keep-alive"),
         answered(plain_answer()),
         {},
         {R"(step 1: status: expected "413", is "200")"}},
        {"connection",
         expecting("200", "close"),
         answered(plain_answer()),
         {},
         {R"(step 1: Connection: expected "close", is "keep-alive")"}},
        {"keep_alive",
         hinted,
         answered(plain_answer()),
         {},
         {R"(step 1: Keep-Alive: expected "timeout=20", is nothing)"}},
        {"framing", chunked, answered(plain_answer()), {}, {R"(step 1: framing: expected "chunked", is "length")"}},
        {"version", expecting("200", "keep-alive"), answered(old), {}, {"step 1: version: expected HTTP/1.1, is 10"}},
        {"cut_short",
         expecting("200", "keep-alive"),
         answered(cut),
         {},
         {"step 1: body: expected whole, is cut short (20 bytes came)"}},
        {"no_answer", expecting("200", "keep-alive"), nothing, {}, {"step 1: expected the answer 200, none came"}},
        {"silence", expecting("none", ""), nothing},
        {"no_silence", expecting("none", ""), leftover, {}, {R"(step 1: expected no answer, there is "HTTP/1.1 408")"}},
        {"in_time", ending_with(server_fin, 2), nothing, fin},
        {"since_connect", ending_with(server_fin, 3.1, moment::connect), nothing, fin},
        {"since_send", ending_with(server_fin, 2.1, moment::send), nothing, fin},
        {"too_early",
         ending_with(server_fin, 2.5),
         nothing,
         fin,
         {"step 1: server FIN: expected 2.500 s after answer (-0.020, +0.203), came after 2.000 s"}},
        {"too_late",
         ending_with(server_fin, 0),
         nothing,
         fin,
         {"step 1: server FIN: expected 0.000 s after answer (-0.020, +0.200), came after 2.000 s"}},
        {"coarse_clock", coarse, nothing, fin},
        {"no_signal",
         ending_with(server_fin, 2, moment::signal),
         nothing,
         fin,
         {"step 1: server FIN: there is no signal to measure from"}},
        {"fin_for_rst",
         ending_with(server_rst, 2),
         nothing,
         fin,
         {"step 1: expected server RST, saw server FIN 2.000 s after answer"}},
        {"rst", ending_with(server_rst, 2), nothing, ends::server_reset_at_3100ms},
        {"rst_for_fin",
         ending_with(server_fin, 2),
         nothing,
         ends::server_reset_at_3100ms,
         {"step 1: expected server FIN, saw server RST 2.000 s after answer"}},
        {"still_open",
         ending_with(server_fin, 2),
         nothing,
         ends::none,
         {"step 1: expected server FIN, the connection is as it was"}},
        {"open", ending_with(open, 0), nothing},
        {"not_open",
         ending_with(open, 0),
         nothing,
         fin,
         {"step 1: expected an open connection, saw server FIN 2.000 s after answer"}},
        {"client_first", ending_with(client_fin, 0), nothing, ends::client_fin_first},
        {"client_was_first",
         ending_with(server_fin, 0.9),
         nothing,
         ends::client_fin_first,
         {"step 1: expected the server's FIN first, first was: client"}},
        {"crossed",
         ending_with(server_fin, 2),
         nothing,
         ends::crossed,
         {"step 1: expected the server's FIN first, first was: both"}},
        {"late_taken", expect_late_bytes{true}, taken},
        {"late_refused",
         expect_late_bytes{true},
         nothing,
         {},
         {"step 1: late bytes: expected taken, were answered by an RST"}},
        {"time_wait", expect_time_wait{party::server}, server_waits},
        {"other_time_wait",
         expect_time_wait{party::client},
         server_waits,
         {},
         {"step 1: TIME_WAIT: expected client, is server"}},
        {"unsettled",
         expect_time_wait{party::none},
         nothing,
         {},
         {"step 1: TIME_WAIT: the socket tables did not settle"}},
        {"state", expect_server_state{tcp_state::fin_wait_1, 1, moment::send}, orphan},
        {"other_state",
         expect_server_state{tcp_state::last_ack, 1, moment::send},
         orphan,
         {},
         {"step 1: server's state: expected LAST_ACK, is FIN_WAIT_1"}},
        {"state_too_late",
         expect_server_state{tcp_state::fin_wait_1, 0.5, moment::send},
         orphan,
         {},
         {"step 1: FIN_WAIT_1: expected 0.500 s after send (-0.020, +0.201), came after 1.000 s"}},
        {"not_playable", expect_refusal{}, failed, {}, {"step 1: connect: refused"}},
    };
}

void PrintTo(const row& one, std::ostream* out) {
    *out << one.name;
}

class Comparison : public ::testing::TestWithParam<row> {};

TEST_P(Comparison, says) {
    const auto& one = GetParam();
    observed_play seen;
    seen.steps = {one.observed};
    if (seen.steps.front().done == time_point{}) seen.steps.front().done = start + 10s;
    seen.segments = with(one.how);
    EXPECT_EQ(differences(std::vector<step>{one.expected}, seen, allowed), one.said);
}

INSTANTIATE_TEST_SUITE_P(Rows, Comparison, ::testing::ValuesIn(rows()),
                         [](const auto& each) { return each.param.name; });

TEST(ComparisonOfPlays, an_end_after_its_step_was_over_does_not_count_for_it) {
    observed_play seen;
    seen.segments = with(ends::server_fin_at_3100ms);
    seen.steps.resize(2);
    seen.steps[0].done = start + 2s;
    seen.steps[1].done = start + 4s;
    const std::vector<step> expected{ending_with(end_kind::open, 0), ending_with(end_kind::server_fin, 2)};
    EXPECT_EQ(differences(expected, seen, allowed), std::vector<std::string>());
}

TEST(ComparisonOfPlays, every_end_is_asked_for_in_its_turn) {
    observed_play seen;
    seen.segments = with(ends::server_fin_at_3100ms);
    seen.segments.push_back(sent(side::server, 4000ms, tcp_flag::rst, 221, 111));
    seen.steps.resize(2);
    for (auto& one : seen.steps)
        one.done = start + 10s;
    std::vector<step> expected{ending_with(end_kind::server_fin, 2),
                               ending_with(end_kind::server_rst, 0.9, moment::server_fin)};
    EXPECT_EQ(differences(expected, seen, allowed), std::vector<std::string>());
    std::swap(expected[0], expected[1]);
    EXPECT_EQ(differences(expected, seen, allowed).size(), 2U);
}

TEST(ComparisonOfPlays, what_no_step_took_and_steps_that_were_not_played_are_differences) {
    observed_play seen;
    seen.segments = exchange();
    seen.left = "HTTP/1.1 200 OK";
    const std::vector<step> expected{ending_with(end_kind::open, 0)};
    EXPECT_EQ(differences(expected, seen, allowed),
              (std::vector<std::string>{"step 1: not played",
                                        R"(step 1: the server sent more than expected: "HTTP/1.1 200 OK")"}));
}

TEST(ComparisonOfCrowds, each_fin_at_its_connection_and_no_other) {
    const auto connected_at = [](duration at, std::optional<duration> fin) {
        std::vector<witness::segment> out{{start + at, 99, 0, 0, side::client, tcp_flag::syn, 60}};
        if (fin) out.push_back(sent(side::server, *fin, tcp_flag::fin, 200, 100));
        return out;
    };
    const std::vector<std::vector<witness::segment>> crowd{connected_at(1s, 3500ms), connected_at(2s, std::nullopt),
                                                           connected_at(3s, std::nullopt),
                                                           connected_at(4s, std::nullopt)};
    EXPECT_EQ(differences(std::vector<drained>{{1, 3}}, crowd), std::vector<std::string>());
    EXPECT_EQ(differences(std::vector<drained>{{2, 3}}, crowd),
              (std::vector<std::string>{"expected a FIN for client 2 at connection 3",
                                        "saw a FIN for client 1 at connection 3"}));
}

}  // namespace
}  // namespace firstfin::testing
