#include "core/role_protocol.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "tests/support/golden.hpp"

namespace firstfin::role {
namespace {

using namespace std::chrono_literals;

// role_protocol.golden holds what follows, in this order: the server's order, the client's, and the events.

endpoint at(const char* text) {
    return parse_endpoint(text).value();
}

server_order sample_server_order() {
    server_policy nginx;
    nginx.keepalive_timeout = 65s;
    nginx.close_window = time_window{65s, 65100ms};
    nginx.keepalive_hint = 60s;
    server_policy forgetful;
    forgetful.keepalive_timeout = time_limit::never();
    forgetful.close_style = server_close_style::linger;
    forgetful.on_client_fin = client_fin_reaction::ignore;
    return {{{"nginx", boost::asio::ip::make_address("10.64.0.1"), nginx},
             {"one that \"forgets\"", boost::asio::ip::make_address("fd00:ff::1"), forgetful}}};
}

client_order sample_client_order() {
    client_policy firefox;
    firefox.close_window = time_window{115s, 125s};
    firefox.unused_timeout = 5s;
    firefox.hint = hint_use::follow;
    firefox.retry = retry_rule::all;
    client_policy pool;
    pool.idle_timeout = 300s;
    pool.mode = close_mode::lazy;
    pool.hint = hint_use::shorten;
    pool.hint_slack = 1s;
    pool.hint_cap = 600s;
    pool.max_requests = {100};
    pool.notices_fin = fin_notice::lazy;
    pool.close_style = client_close_style::rst;
    pool.on_close_header = close_header_reaction::wait;
    scenario cadence;
    cadence.kind = scenario_kind::cadence;
    cadence.requests = 3;
    cadence.gap = 6s;
    cadence.jitter = 100ms;
    cadence.method = "POST";
    cadence.path = "/é";
    scenario telnet;
    telnet.kind = scenario_kind::raw;
    telnet.raw = "HEAD / HTTP/1.1\r\nHost: \"a\"\r\n\r\n";
    const client_order::trial on_v4{.trial = 1,
                                    .policy = 0,
                                    .scenario = 0,
                                    .server = at("10.64.0.1:40001"),
                                    .source = boost::asio::ip::make_address("10.64.0.2"),
                                    .start_offset = 1500us,
                                    .window_share = 0.125,
                                    .seed = 18'446'744'073'709'551'615U};
    const client_order::trial on_v6{.trial = 1ULL << 53 | 1,
                                    .policy = 1,
                                    .scenario = 1,
                                    .server = at("[fd00:ff::1]:40002"),
                                    .source = boost::asio::ip::address_v6(),
                                    .start_offset = 0s,
                                    .window_share = 1.0 / 3,
                                    .seed = 7};
    return {{firefox, pool}, {cadence, telnet}, {on_v4, on_v6}, 0.01, 32};
}

event said(event_kind kind, duration when, std::uint64_t conn, std::optional<std::uint64_t> trial = {}) {
    event out;
    out.kind = kind;
    out.at = time_point(when);
    out.conn = conn;
    out.trial = trial;
    return out;
}

event with_ends(event out, endpoint local, std::optional<endpoint> remote) {
    out.local = local;
    out.remote = remote;
    return out;
}

event message(event out, std::uint32_t status) {
    out.request = 1;
    out.status = status;
    out.says_close = true;
    return out;
}

/// One of every kind with all the members it can have; then a close for every reason.
std::vector<event> sample_events() {
    const auto server = at("10.64.0.1:40001");
    const auto client = at("10.64.0.2:50000");
    auto listening = with_ends(said(event_kind::listening, 1ns, 0), server, {});
    listening.policy = "one that \"forgets\"";
    auto sent = message(said(event_kind::request_sent, 1s, 1, 17), 0);
    sent.pending_fin = true;
    auto reset = said(event_kind::reset, 1s, 1, 17);
    reset.detail = "EPIPE";
    auto close = with_ends(said(event_kind::close, duration::max(), 18'446'744'073'709'551'615U, 0), client, server);
    close.reason = close_reason::idle_deadline;
    close.state_before = tcp_state::close_wait;
    close.unread = 4'294'967'295U;
    close.pending_fin = true;
    close.lateness = 213us;
    close.detail = "tab\t, newline\n, \"quotes\", \\ and é";
    std::vector<event> all{
        listening,
        said(event_kind::ready, 2ns, 0),
        with_ends(said(event_kind::connected, 1s, 1, 17), client, server),
        with_ends(said(event_kind::accepted, 1s, 1), at("[fd00:ff::1]:40002"), at("[fd00:ff::2]:50000")),
        sent,
        message(said(event_kind::request_received, 1s, 1), 0),
        message(said(event_kind::response_sent, 1s, 1), 200),
        message(said(event_kind::response_received, 1s, 1, 17), 503),
        said(event_kind::eof, 1s, 1, 17),
        reset,
        close,
        said(event_kind::done, 3s, 0, 17)};
    std::uint64_t conn = 1;
    for (const auto& reason : names_of<close_reason>) {
        auto plain = said(event_kind::close, 2s, ++conn);
        plain.reason = reason.value;
        plain.state_before = tcp_state::established;
        all.push_back(plain);
    }
    return all;
}

std::string line_of(const event& value) {
    std::string out;
    append_json(out, value);
    return out;
}

std::string all_messages() {
    auto out = to_json(sample_server_order()) + "\n" + to_json(sample_client_order()) + "\n";
    for (const auto& each : sample_events())
        append_json(out, each);
    return out;
}

// Equality by members: the bindings fail to compile when a member is added, and with it the samples above want mending.

bool same(const event& left, const event& right) {
    const auto members = [](const event& one) {
        const auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = one;
        return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
    };
    return members(left) == members(right);
}

bool same(const server_order& left, const server_order& right) {
    const auto members = [](const server_order::listener& one) {
        const auto& [a, b, c] = one;
        return std::tie(a, b, c);
    };
    const auto& [listeners] = left;
    return std::ranges::equal(listeners, right.listeners, {}, members, members);
}

bool same(const client_order& left, const client_order& right) {
    const auto members = [](const client_order::trial& one) {
        const auto& [a, b, c, d, e, f, g, h] = one;
        return std::tie(a, b, c, d, e, f, g, h);
    };
    const auto& [policies, scenarios, trials, time_scale, handshakes] = left;
    return policies == right.policies && scenarios == right.scenarios && time_scale == right.time_scale &&
           handshakes == right.handshakes_in_flight && std::ranges::equal(trials, right.trials, {}, members, members);
}

TEST(RoleProtocol, IsAsTheGoldenFileSays) {
    test::expect_golden("role_protocol.golden", all_messages());
}

TEST(RoleProtocol, SamplesHoldEveryKindReasonAndMember) {
    std::set<event_kind> kinds;
    std::set<close_reason> reasons;
    std::string lines;
    for (const auto& each : sample_events()) {
        kinds.insert(each.kind);
        if (each.reason) reasons.insert(*each.reason);
        lines += line_of(each);
    }
    EXPECT_EQ(kinds.size(), names_of<event_kind>.size());
    EXPECT_EQ(reasons.size(), names_of<close_reason>.size());
    for (const auto* member :
         {"v", "t_ns", "event", "conn", "trial", "policy", "local", "remote", "request", "status", "says_close",
          "reason", "tcp_state_before", "unread", "pending_fin", "lateness_ns", "detail"})
        EXPECT_NE(lines.find('"' + std::string(member) + "\":"), std::string::npos) << member;
}

TEST(RoleProtocol, OrdersAreReadBackAsTheyWere) {
    const auto server = parse_server_order(to_json(sample_server_order()));
    ASSERT_TRUE(server) << server.error().message;
    EXPECT_TRUE(same(*server, sample_server_order()));
    const auto client = parse_client_order(to_json(sample_client_order()));
    ASSERT_TRUE(client) << client.error().message;
    EXPECT_TRUE(same(*client, sample_client_order()));
}

TEST(RoleProtocol, EmptyOrdersAreOrdersToo) {
    EXPECT_TRUE(same(parse_server_order(to_json(server_order{})).value(), {}));
    EXPECT_TRUE(same(parse_client_order(to_json(client_order{})).value(), {}));
}

TEST(RoleProtocol, EventsAreReadBackAsTheyWere) {
    for (const auto& each : sample_events()) {
        const auto line = line_of(each);
        ASSERT_EQ(std::ranges::count(line, '\n'), 1) << line;
        const auto back = parse_event(line);
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_TRUE(same(*back, each)) << line << line_of(*back);
        EXPECT_TRUE(same(parse_event(std::string_view(line).substr(0, line.size() - 1)).value(), each))
            << "without newline";
    }
}

TEST(RoleProtocol, EveryTcpStateIsReadBack) {
    for (std::size_t number = 1; number < tcp_state_count; ++number) {
        const auto state = static_cast<tcp_state>(number);
        event close;
        close.state_before = state;
        EXPECT_EQ(parse_event(line_of(close))->state_before, state);
    }
}

TEST(RoleProtocol, MembersOfALaterVersionAreNoError) {
    const auto one = parse_event(R"({"v":1,"t_ns":5,"event":"eof","conn":3,"cwnd":[10,{"a":null}]})");
    ASSERT_TRUE(one) << one.error().message;
    EXPECT_EQ(one->conn, 3U);
}

TEST(RoleProtocol, AnotherVersionIsRefusedByName) {
    const auto of_version_2 = [](std::string text) { return text.replace(text.find("\"v\":1"), 5, "\"v\":2"); };
    EXPECT_EQ(parse_event(of_version_2(line_of({}))).error().message,
              "an event line: speaks version 2, this program 1");
    EXPECT_EQ(parse_server_order(of_version_2(to_json(sample_server_order()))).error().message,
              "the server's order: speaks version 2, this program 1");
    EXPECT_EQ(parse_client_order(of_version_2(to_json(sample_client_order()))).error().message,
              "the client's order: speaks version 2, this program 1");
}

struct refusal {
    const char* name;
    const char* line;
    const char* says = "an event line: ";
};

class BadEvent : public ::testing::TestWithParam<refusal> {};

TEST_P(BadEvent, IsRefused) {
    const auto one = parse_event(GetParam().line);
    ASSERT_FALSE(one);
    EXPECT_NE(one.error().message.find(GetParam().says), std::string::npos) << one.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Names, BadEvent,
    ::testing::Values(
        refusal{"empty", ""}, refusal{"not_json", "listening on port 80"}, refusal{"not_an_object", "[1]"},
        refusal{"no_version", R"({"t_ns":1,"event":"eof"})"},
        refusal{"version_in_words", R"({"v":"1","t_ns":1,"event":"eof"})"},
        refusal{"no_time", R"({"v":1,"event":"eof"})"}, refusal{"no_kind", R"({"v":1,"t_ns":1})"},
        refusal{"unknown_kind", R"({"v":1,"t_ns":1,"event":"opened"})", "expected one of listening, ready"},
        refusal{"unknown_reason", R"({"v":1,"t_ns":1,"event":"close","reason":"bored"})",
                "expected one of idle_deadline"},
        refusal{"unknown_state", R"({"v":1,"t_ns":1,"event":"close","tcp_state_before":"ESTABLISHEE"})",
                "'ESTABLISHEE'"},
        refusal{"number_as_text", R"({"v":1,"t_ns":1,"event":"eof","conn":"1"})"},
        refusal{"negative_connection", R"({"v":1,"t_ns":1,"event":"eof","conn":-1})"},
        refusal{"time_beyond_64_bits", R"({"v":1,"t_ns":99999999999999999999,"event":"eof"})"},
        refusal{"unread_beyond_32_bits", R"({"v":1,"t_ns":1,"event":"close","unread":4294967296})"},
        refusal{"not_an_endpoint", R"({"v":1,"t_ns":1,"event":"eof","local":"localhost:80"})", "'localhost:80'"},
        refusal{"two_documents", R"({"v":1,"t_ns":1,"event":"eof"}{"v":1,"t_ns":1,"event":"eof"})"}),
    [](const auto& one) { return std::string(one.param.name); });

struct bad_order {
    const char* name;
    const char* good;
    const char* bad;
    const char* says;
};

class BadOrder : public ::testing::TestWithParam<bad_order> {};

TEST_P(BadOrder, IsRefusedWithTheWordsOfWhoeverFoundIt) {
    const auto& row = GetParam();
    const auto mended = [&](std::string text) {
        const auto place = text.find(row.good);
        return place == std::string::npos ? std::string{}
                                          : text.replace(place, std::string_view(row.good).size(), row.bad);
    };
    const auto server_text = mended(to_json(sample_server_order()));
    const auto client_text = mended(to_json(sample_client_order()));
    ASSERT_FALSE(server_text.empty() && client_text.empty()) << row.good << " is in neither order";
    const auto message = server_text.empty() ? parse_client_order(client_text).error().message
                                             : parse_server_order(server_text).error().message;
    EXPECT_NE(message.find(row.says), std::string::npos) << message;
}

INSTANTIATE_TEST_SUITE_P(Names, BadOrder,
                         ::testing::Values(bad_order{"unknown_setting", "keepalive_hint", "keepalive_hunt",
                                                     "the server's order: unknown setting 'keepalive_hunt'"},
                                           bad_order{"wrong_value", "65s..65.1s", "65s..64s",
                                                     "the server's order: the window '65s..64s' ends before it begins"},
                                           bad_order{"wrong_address", "10.64.0.1", "10.64.0.x", "the server's order: "},
                                           bad_order{"policy_not_listed", "\"policy\":1", "\"policy\":2",
                                                     "refers to a policy or scenario that is not listed"},
                                           bad_order{"scenario_not_listed", "\"scenario\":1", "\"scenario\":2",
                                                     "refers to a policy or scenario that is not listed"},
                                           bad_order{"wrong_endpoint", "[fd00:ff::1]:40002", "fd00:ff::1:40002",
                                                     "the client's order: 'fd00:ff::1:40002' is not"},
                                           bad_order{"no_time_scale", "\"time_scale\"", "\"time\"",
                                                     "the client's order: "}),
                         [](const auto& one) { return std::string(one.param.name); });

/// Calls `parse` with every beginning of `text`, and with every byte damaged, by `bits` different bits one after
/// another.
template <class Parse>
void damage_everywhere(const std::string& text, unsigned bits, Parse parse) {
    for (std::size_t size = 0; size < text.size(); ++size)
        parse(text.substr(0, size));
    auto damaged = text;
    for (std::size_t place = 0; place < text.size(); ++place)
        for (unsigned bit = 0; bit < bits; ++bit) {
            damaged[place] = static_cast<char>(text[place] ^ 1 << (place + bit) % 8);
            parse(damaged);
            damaged[place] = text[place];
        }
}

TEST(DamagedProtocol, EventLinesAreRefusedOrRead) {
    for (const auto& each : sample_events()) {
        auto line = line_of(each);
        line.pop_back();
        damage_everywhere(line, 2, [](const std::string& text) {
            const auto one = parse_event(text);
            EXPECT_TRUE(!one || same(parse_event(line_of(*one)).value(), *one)) << text;
        });
    }
}

TEST(DamagedProtocol, OrdersAreRefusedOrRead) {
    damage_everywhere(to_json(sample_server_order()), 1, [](const std::string& text) {
        const auto one = parse_server_order(text);
        EXPECT_TRUE(!one || same(parse_server_order(to_json(*one)).value(), *one)) << text;
    });
    damage_everywhere(to_json(sample_client_order()), 1, [](const std::string& text) {
        const auto one = parse_client_order(text);
        EXPECT_TRUE(!one || same(parse_client_order(to_json(*one)).value(), *one)) << text;
    });
}

std::vector<std::string> lines_fed(std::string_view bytes, std::size_t piece) {
    std::vector<std::string> lines;
    line_splitter split;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
        split.feed(bytes.substr(0, piece), [&](std::string_view line) { lines.emplace_back(line); });
    return lines;
}

class LineSplitter : public ::testing::TestWithParam<std::size_t> {};

TEST_P(LineSplitter, CutsPiecesOfThatSize) {
    const auto text = all_messages();
    std::string joined;
    const auto lines = lines_fed(text, GetParam());
    for (const auto& each : lines)
        joined += each + "\n";
    EXPECT_EQ(joined, text);
    EXPECT_EQ(lines.size(), 2 + sample_events().size());
}

TEST_P(LineSplitter, DropsALastLineWithoutNewline) {
    EXPECT_EQ(lines_fed("one\n\ntwo\nthr", GetParam()), (std::vector<std::string>{"one", "", "two"}));
    EXPECT_TRUE(lines_fed("no newline at all", GetParam()).empty());
    EXPECT_TRUE(lines_fed("", GetParam()).empty());
}

INSTANTIATE_TEST_SUITE_P(Sizes, LineSplitter, ::testing::Values(1, 2, 3, 7, 64, 4096, 1'000'000),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace firstfin::role
