// firstfin-client as a process: role mode end to end, and what a person at a terminal meets.
#include <csignal>

#include "tests/client/child.hpp"
#include "tests/client/client_run.hpp"
#include "tests/client/scripted_server.hpp"

namespace firstfin::testing {
namespace {

using role::close_reason;
using role::event_kind;

const script answers_and_stays = answers() + script{reads_to_end()};

std::string url_of(const scripted_server& server) {
    return "http://" + to_text(server.where()) + "/x";
}

std::vector<role::event> events_in(std::string_view text) {
    std::vector<role::event> out;
    role::line_splitter lines;
    lines.feed(text, [&](std::string_view line) {
        const auto parsed = role::parse_event(line);
        ASSERT_TRUE(parsed) << line << ": " << parsed.error().message;
        out.push_back(*parsed);
    });
    return out;
}

TEST(Role, PlaysAnOrderFromEndToEnd) {
    const scripted_server server({times(2, answers("Keep-Alive: timeout=1\r\n")) + script{reads_to_end()}});
    auto order = one_trial(server.where(), closing_after(60ms), asking(2, 20ms));
    order.policies.push_back(closing_after(5s));
    order.policies[1].hint = hint_use::follow;
    order.scenarios.push_back(asking(1));
    order.time_scale = 0.1;
    order.handshakes_in_flight = 1;
    auto second = order.trials[0];
    second.trial = 77;
    second.policy = 1;
    second.scenario = 1;
    second.start_offset = 30ms;
    second.source = boost::asio::ip::make_address("127.0.0.9");
    order.trials.push_back(second);

    child program({"--role"});
    program.write_and_close(role::to_json(order));
    client_run run;
    run.events = events_in(program.read_to_end());
    EXPECT_EQ(program.exit_code(), 0);
    EXPECT_EQ(program.errors(), "");
    ASSERT_GE(run.events.size(), 2U);
    EXPECT_EQ(run.events.front().kind, event_kind::ready);
    EXPECT_EQ(run.events.back().kind, event_kind::done);
    EXPECT_EQ(run.events.back().trial, std::nullopt);
    EXPECT_EQ(run.names(1), "connected request_sent response_received request_sent response_received close done");
    EXPECT_EQ(run.names(77), "connected request_sent response_received close done");
    EXPECT_ABOUT(run.idle_at_close(1), 60ms);
    EXPECT_ABOUT(run.idle_at_close(77), 100ms);
    EXPECT_GE(run.only(event_kind::connected, 77).at - run.events.front().at, 30ms);
    EXPECT_EQ(run.only(event_kind::connected, 77).local->address(), second.source);
    EXPECT_NE(run.only(event_kind::connected, 1).conn, run.only(event_kind::connected, 77).conn);
    for (std::size_t i = 1; i < run.events.size(); ++i)
        EXPECT_LE(run.events[i - 1].at, run.events[i].at);
}

TEST(Role, TermStopsAtOnceAndTellsEverything) {
    const scripted_server server({answers_and_stays});
    child program({"--role"});
    program.write_and_close(role::to_json(one_trial(server.where(), never_closing(), asking(1))));
    auto text = program.read_until("response_received");
    program.signal(SIGTERM);
    text += program.read_to_end();
    EXPECT_EQ(program.exit_code(), 0);
    client_run run;
    run.events = events_in(text);
    EXPECT_EQ(run.names(), "connected request_sent response_received close");
    EXPECT_EQ(run.only(event_kind::close).reason, close_reason::shutdown);
    EXPECT_EQ(run.events.back().kind, event_kind::done);
    EXPECT_TRUE(server.wait_for(1)[0].eof);
}

TEST(Role, EndsWhenNobodyReads) {
    const scripted_server server({answers_and_stays});
    child program({"--role"});
    program.write_and_close(role::to_json(one_trial(server.where(), never_closing(), asking(1))));
    (void)program.read_until("response_received");
    program.close_output();
    EXPECT_EQ(program.exit_code(), 4);
}

// Far more than a pipe holds: events wait in memory, the loop goes on, and all of them arrive.
TEST(Role, SlowReaderLosesNothing) {
    const scripted_server server({answers_and_stays});
    auto order = one_trial(server.where(), closing_after(50ms), asking(1));
    order.trials.assign(600, order.trials[0]);
    for (std::size_t i = 0; i < order.trials.size(); ++i)
        order.trials[i].trial = i;
    child program({"--role"});
    program.write_and_close(role::to_json(order));
    EXPECT_EQ(server.wait_for(600).size(), 600U);
    const auto events = events_in(program.read_to_end());
    EXPECT_EQ(program.exit_code(), 0);
    EXPECT_EQ(events.size(), 2 + 600 * 5U);
    for (const auto& each : events)
        if (each.kind == event_kind::close) {
            EXPECT_LE(each.lateness.value(), tolerance);
        }
}

TEST(Role, RefusesAnOrderItCannotRead) {
    child program({"--role"});
    program.write_and_close("{\"v\":1}");
    EXPECT_EQ(program.read_to_end(), "");
    EXPECT_EQ(program.exit_code(), 2);
    EXPECT_NE(program.errors().find("the client's order"), std::string::npos);
}

TEST(ByHand, TellsWhatHappened) {
    const scripted_server server({times(2, answers()) + script{reads_to_end()}});
    child program({"--idle-timeout", "60ms", "--requests", "2", "--gap", "10ms", url_of(server)});
    const auto text = program.read_to_end();
    EXPECT_EQ(program.exit_code(), 0);
    EXPECT_NE(text.find("2 requests, 2 answered.  Client closed first: its idle timer ended"), std::string::npos)
        << text;
    const auto request = server.wait_for(1)[0].requests.at(0);
    EXPECT_EQ(request, "GET /x HTTP/1.1\r\nHost: " + to_text(server.where()) + "\r\nUser-Agent: firstfin\r\n\r\n");
}

TEST(ByHand, ManyConnectionsDrawTheirOwnWindow) {
    const scripted_server server({answers_and_stays});
    child program(
        {"--json", "--connections", "20", "--idle-timeout", "20ms", "--close-window", "20ms..520ms", url_of(server)});
    client_run run;
    run.events = events_in(program.read_to_end());
    EXPECT_EQ(program.exit_code(), 0);
    duration earliest = 1h;
    duration latest = 0s;
    for (std::uint64_t trial = 1; trial <= 20; ++trial) {
        earliest = std::min(earliest, run.idle_at_close(trial));
        latest = std::max(latest, run.idle_at_close(trial));
    }
    EXPECT_GE(latest - earliest, 100ms);
}

TEST(ByHand, InterruptedTellsWhatItKnows) {
    const scripted_server server({answers_and_stays});
    child program({"--idle-timeout", "never", url_of(server)});
    (void)program.read_until("policy:");
    // The plan is printed before the loop runs; wait for the request to be answered, as seen from the other side.
    for (const auto give_up = steady::now() + 10s; steady::now() < give_up;) {
        const auto seen = server.wait_for(1, 1ms);
        if (!seen.empty() && !seen[0].requests.empty()) break;
    }
    program.signal(SIGINT);
    const auto text = program.read_to_end();
    EXPECT_EQ(program.exit_code(), 4);
    EXPECT_NE(text.find("this program was stopped"), std::string::npos) << text;
}

TEST(ByHand, RefusedConnection) {
    child program({"http://127.0.0.1:1/"});
    EXPECT_NE(program.read_to_end().find("Connection refused"), std::string::npos);
    EXPECT_EQ(program.exit_code(), 1);
}

TEST(ByHand, Help) {
    child program({"--help"});
    const auto text = program.read_to_end();
    EXPECT_EQ(program.exit_code(), 0);
    for (const auto* part :
         {"--idle-timeout", "--on-close-header", "--scenario", "--abort-at", "Examples:", "Exit code:"})
        EXPECT_NE(text.find(part), std::string::npos) << part;
}

struct usage_row {
    std::string name;
    std::vector<std::string> arguments;
    std::string message;
};

class Usage : public ::testing::TestWithParam<usage_row> {};

TEST_P(Usage, ExitsWithTwoAndAReason) {
    child program(GetParam().arguments);
    EXPECT_EQ(program.read_to_end(), "");
    EXPECT_EQ(program.exit_code(), 2);
    EXPECT_NE(program.errors().find(GetParam().message), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Usage,
    ::testing::Values(
        usage_row{"no_url", {}, "no URL given"}, usage_row{"not_http", {"ftp://127.0.0.1/"}, "is not an http:// URL"},
        usage_row{"tls", {"https://127.0.0.1/"}, "TLS"},
        usage_row{"unknown_host", {"http://no-such-host.invalid/"}, "no-such-host.invalid"},
        usage_row{"unknown_option", {"--frob", "http://127.0.0.1/"}, "--frob"},
        usage_row{"bad_duration", {"--gap", "5", "http://127.0.0.1/"}, "--gap: '5' is not a duration"},
        usage_row{"bad_word", {"--close-mode", "soon", "http://127.0.0.1/"}, "--close-mode: 'soon' is not known"},
        usage_row{"bad_window", {"--close-window", "5s..1s", "http://127.0.0.1/"}, "--close-window"},
        usage_row{"no_connections", {"--connections", "0", "http://127.0.0.1/"}, "--connections"},
        usage_row{"raw_without_bytes", {"--scenario", "raw", "http://127.0.0.1/"}, "raw needs the bytes"},
        usage_row{"bad_method", {"--method", "G ET", "http://127.0.0.1/"}, "not a method"},
        usage_row{"bad_source", {"--source", "here", "http://127.0.0.1/"}, "--source"},
        usage_row{"source_of_another_family", {"--source", "::1", "http://127.0.0.1/"}, "family"},
        usage_row{"role_with_more", {"--role", "http://127.0.0.1/"}, "--role"}),
    [](const auto& row) { return row.param.name; });

TEST(ByHand, MoreConnectionsThanDescriptors) {
    child program({"--connections", "4000000000", "http://127.0.0.1:1/"});
    EXPECT_EQ(program.read_to_end(), "");
    EXPECT_EQ(program.exit_code(), 3);
    EXPECT_NE(program.errors().find("ulimit"), std::string::npos);
}

}  // namespace
}  // namespace firstfin::testing
