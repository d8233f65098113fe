#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "harness/explain/explanation.hpp"
#include "harness/explain/words.hpp"
#include "harness/report/terminal_text.hpp"
#include "tests/harness/store/sample_run.hpp"
#include "tests/harness/verdict/story.hpp"
#include "tests/support/golden.hpp"

namespace firstfin::explain {
namespace {

using testing::story;
namespace json = boost::json;
using test::expect_golden;
using namespace std::chrono_literals;

explanation explained(const witness::timeline& seen, bool captured = true) {
    explanation out;
    out.run = test::sample_run();
    out.run.time_scale = 1;
    out.cells = 4;
    out.number = 2;
    out.cell = test::sample_cells()[1];
    out.distinctive = {{"client.idle_timeout", "never"}, {"server.keepalive_timeout", "65s"}};
    out.trial.cell = out.cell.id;
    out.trial.timeline = seen;
    out.trial.verdict = judge(seen);
    out.predicted_why = "the server's 65s runs out; the client has no timer of its own";
    out.resolution_ms = 0.5;
    out.captured = captured;
    std::vector<message_line> messages(seen.segments.size());
    for (std::size_t at = 0; captured && at < messages.size(); ++at) {
        if (seen.segments[at].payload == 0) continue;
        const bool request = seen.segments[at].from == side::client;
        messages[at].what = request ? message_line::kind::request : message_line::kind::response;
        messages[at].text = request ? "GET / HTTP/1.1" : "HTTP/1.1 200 OK";
    }
    out.picture = ladder_of(seen, messages);
    return out;
}

std::string picture(const witness::timeline& seen, std::size_t width = 80) {
    return to_text(explained(seen), {.width = width});
}

std::size_t widest_line(const std::string& text) {
    std::istringstream lines(text);
    std::size_t widest = 0;
    for (std::string line; std::getline(lines, line);)
        widest = std::max(widest, report::display_width(line));
    return widest;
}

story talk() {
    story now;
    now.handshake().request().response().after(64s + 990ms);
    return now;
}

TEST(Picture, ServerFirst) {
    expect_golden("server_first_80.txt", picture(test::tell(test::story::server_first, 65s)));
    expect_golden("server_first_120.txt", picture(test::tell(test::story::server_first, 65s), 120));
}

TEST(Picture, InANarrowWindow) {
    expect_golden("server_first_40.txt", picture(test::tell(test::story::server_first, 65s), 40));
}

TEST(Picture, ClientFirst) {
    expect_golden("client_first.txt", picture(test::tell(test::story::client_first)));
}

TEST(Picture, ThreeSegmentsWhenTheFinCarriesTheAcknowledgment) {
    auto now = talk();
    now.close(side::server, role::close_reason::idle_deadline).fin(side::server);
    now.close(side::client, role::close_reason::peer_fin, tcp_state::close_wait).fin(side::client).ack(side::server);
    now.table(side::server, tcp_state::time_wait).table(side::client, std::nullopt);
    expect_golden("three_segments.txt", picture(now.told()));
}

TEST(Picture, SimultaneousClose) {
    expect_golden("simultaneous.txt", picture(test::tell(test::story::crossed)));
}

TEST(Picture, Reset) {
    expect_golden("reset.txt", picture(test::tell(test::story::server_resets)));
    expect_golden("lost_request.txt", picture(test::tell(test::story::lost_request)));
}

TEST(Picture, HalfClosed) {
    auto now = talk();
    now.close(side::server, role::close_reason::idle_deadline).fin(side::server).ack(side::client).after(2s);
    now.table(side::server, tcp_state::fin_wait_2).table(side::client, tcp_state::close_wait);
    expect_golden("half_closed.txt", picture(now.told()));
}

TEST(Picture, Conflict) {
    expect_golden("conflict.txt", picture(test::tell(test::story::contradicted)));
}

TEST(Picture, Invalid) {
    expect_golden("invalid.txt", picture(test::tell(test::story::lost_segments)));
}

TEST(Picture, WithoutWireAndWithoutCapture) {
    expect_golden("without_wire.txt", picture(test::tell(test::story::without_wire)));
    const auto text = to_text(explained(test::tell(test::story::server_first), false), {.width = 80});
    EXPECT_NE(text.find("capture.pcap is gone"), std::string::npos) << text;
    EXPECT_EQ(text.find("GET /"), std::string::npos) << text;
    EXPECT_NE(text.find("client says: request 1 sent"), std::string::npos) << text;
}

TEST(Picture, Ipv6) {
    auto seen = test::tell(test::story::server_first);
    seen.tuple = {parse_endpoint("[fd00:ff:1234:5678:9abc:def0:1234:5678]:40122").value(),
                  parse_endpoint("[fd00:ff:1234:5678:9abc:def0:1234:5679]:8080").value()};
    const auto text = picture(seen);
    for (const auto* end :
         {"[fd00:ff:1234:5678:9abc:def0:1234:5678]:40122", "[fd00:ff:1234:5678:9abc:def0:1234:5679]:8080"})
        EXPECT_NE(text.find(end), std::string::npos) << text;
    seen.tuple = {parse_endpoint("[fd00:ff::2]:40122").value(), parse_endpoint("[fd00:ff::1]:8080").value()};
    expect_golden("ipv6.txt", picture(seen));
}

TEST(Picture, NoLineIsWiderThanTheWindowAndNoFactIsLost) {
    for (const auto what : test::all_stories) {
        const auto one = explained(test::tell(what, 65s));
        for (std::size_t width = 20; width < 160; width += 5) {
            const auto text = to_text(one, {.width = width});
            EXPECT_LE(widest_line(text), width) << text;
            if (width < 40) continue;
            for (const auto& each : one.trial.timeline.segments) {
                EXPECT_NE(text.find(fmt::format("({}", each.seq)), std::string::npos) << each.seq << text;
                EXPECT_NE(text.find(fmt::format("({}", each.ack)), std::string::npos) << each.ack << text;
                EXPECT_NE(text.find(flag_number(each.flags)), std::string::npos) << text;
            }
        }
    }
}

TEST(Picture, AStrangersTextCommandsNoTerminal) {
    constexpr auto hostile =
        "\x1b]0;owned\x07 \x1b[31mred\r\n\xE2\x80\xAEright to left \xFF\xC2\x9B"
        "2J";
    auto one = explained(test::tell(test::story::contradicted));
    one.run.title = one.run.name = one.cell.id = one.cell.predicted = one.predicted_why = hostile;
    one.distinctive = {{hostile, hostile}};
    one.trial.verdict.conflict = one.trial.verdict.invalid = hostile;
    one.trial.timeline.faults = {hostile, "another"};
    one.capture_troubles = {hostile};
    for (auto& each : one.trial.verdict.statements)
        each.text = hostile;
    for (auto& each : one.picture.steps)
        if (auto* segment = std::get_if<rung>(&each.what))
            segment->message = {message_line::kind::other, hostile, true};
    for (const std::size_t width : {40UL, 80UL, 200UL}) {
        const auto text = to_text(one, {.width = width});
        for (const auto* part : {"\x1b", "\x07", "\r", "\xFF", "\xC2\x9B", "\xE2\x80\xAE"})
            EXPECT_EQ(text.find(part), std::string::npos) << text;
        EXPECT_LE(widest_line(text), width);
    }
    boost::system::error_code failed;
    (void)json::parse(to_json(one), failed);
    EXPECT_FALSE(failed) << failed.message();
}

TEST(Picture, AsJson) {
    const auto document = json::parse(to_json(explained(test::tell(test::story::crossed))));
    EXPECT_EQ(document.at("schema"), 1);
    EXPECT_EQ(document.at("trial").at("verdict").at("first_fin"), "both");
    EXPECT_EQ(document.at("prediction").at("check"), "fails");
    std::vector<std::string> states;
    std::vector<std::string> lines;
    for (const auto& each : document.at("ladder").as_array()) {
        if (each.at("witness") != "wire") continue;
        const auto& now = each.at("derived_states");
        states.push_back(std::string(now.at("client").as_string()) + " " + std::string(now.at("server").as_string()));
        if (const auto* http = each.as_object().if_contains("http")) lines.emplace_back(http->at("line").as_string());
    }
    ASSERT_GE(states.size(), 4U);
    EXPECT_EQ(std::vector(states.end() - 4, states.end()),
              (std::vector<std::string>{"ESTABLISHED FIN_WAIT_1", "FIN_WAIT_1 CLOSING", "CLOSING TIME_WAIT",
                                        "TIME_WAIT TIME_WAIT"}));
    EXPECT_EQ(lines, (std::vector<std::string>{"GET / HTTP/1.1", "HTTP/1.1 200 OK"}));
    const auto& syn = document.at("ladder").at(0);
    EXPECT_EQ(syn.at("flags"), "SYN");
    EXPECT_EQ(syn.at("flags_hex"), "0x002");
    EXPECT_EQ(syn.at("seq"), 0);
    EXPECT_EQ(syn.at("seq_raw"), 4294967200U);
    EXPECT_TRUE(syn.at("ack").is_null());
}

TEST(Prediction, IsCheckedAgainstTheTrial) {
    auto one = explained(test::tell(test::story::server_first));
    EXPECT_EQ(check_prediction(one), prediction_check::holds);
    one.cell.predicted = "client";
    EXPECT_EQ(check_prediction(one), prediction_check::fails);
    one.cell.margin = 400us;  // nearer than the run's resolution of 0.5 ms
    EXPECT_EQ(check_prediction(one), prediction_check::not_judged);
    one.cell.margin.reset();
    one.cell.predicted = "undecided";
    EXPECT_EQ(check_prediction(one), prediction_check::not_judged);
    auto reset = explained(test::tell(test::story::server_resets));
    EXPECT_EQ(check_prediction(reset), prediction_check::holds);
    EXPECT_EQ(check_prediction(explained(test::tell(test::story::contradicted))), prediction_check::not_judged);
    EXPECT_EQ(check_prediction(explained(test::tell(test::story::lost_segments))), prediction_check::not_judged);
    auto nobody = explained(test::tell(test::story::never_closed));
    EXPECT_EQ(check_prediction(nobody), prediction_check::fails);
    nobody.cell.predicted = "nobody";
    EXPECT_EQ(check_prediction(nobody), prediction_check::holds);
}

TEST(Words, MomentsToTheMicrosecond) {
    EXPECT_EQ(moment_text(0ns), "0.000 ms");
    EXPECT_EQ(moment_text(62'499ns), "0.062 ms");
    EXPECT_EQ(moment_text(999'999'499ns), "999.999 ms");
    EXPECT_EQ(moment_text(999'999'500ns), "1.000000 s");
    EXPECT_EQ(moment_text(65s + 1234us), "65.001234 s");
}

TEST(Words, FlagsByNameAndNumber) {
    using namespace witness::tcp_flag;
    EXPECT_EQ(flag_names(syn | ack), "SYN,ACK");
    EXPECT_EQ(flag_names(fin | ack | psh), "FIN,PSH,ACK");
    EXPECT_EQ(flag_names(0), "no flags");
    EXPECT_EQ(flag_number(syn | ack), "0x012");
    EXPECT_EQ(flag_number(0xff), "0x0ff");
}

}  // namespace
}  // namespace firstfin::explain
