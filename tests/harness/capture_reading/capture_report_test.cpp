#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "harness/capture_reading/data_formats.hpp"
#include "harness/capture_reading/text.hpp"
#include "harness/report/terminal_text.hpp"

namespace firstfin::capture_reading {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

connection_record record(std::uint64_t number, party first, duration idle = 65s, std::uint16_t port = 80) {
    connection_record out;
    out.ends = {endpoint(boost::asio::ip::make_address("10.0.0.2"), static_cast<std::uint16_t>(30'000 + number)),
                endpoint(boost::asio::ip::make_address("10.0.0.1"), port)};
    out.number = number;
    out.began = 1'700'000'000s + number * 1s + 7ns;
    out.lasted = idle + 1s;
    out.idle_at_close = idle;
    out.segments = 10;
    out.requests = 2;
    out.counted_by = request_basis::http;
    out.server_by = server_evidence::syn;
    out.first_fin = first;
    out.ending = first == party::none ? ending::open : first == party::both ? ending::simultaneous : ending::orderly;
    return out;
}

connection_record lost(std::uint64_t number, loss how) {
    auto out = record(number, party::server);
    out.lost = how;
    out.reset = party::server;
    out.ending = ending::reset;
    return out;
}

summary counted(std::size_t limit = 20) {
    summary out(limit);
    for (std::uint64_t number = 1; number <= 1180; ++number)
        out.add(record(number, party::server, 65s + number * 1us));
    for (std::uint64_t number = 1181; number <= 1200; ++number)
        out.add(record(number, party::client, 3s));
    out.add(record(1201, party::both));
    out.add(lost(1202, loss::stale_reuse));
    out.add(lost(1203, loss::true_race));
    out.add(lost(1204, loss::true_race));
    return out;
}

capture_facts facts() {
    return {"gateway.pcap", "Ethernet", 12'345, 12'340, "", false};
}

TEST(CaptureSentence, SaysWhoClosedFirstAfterWhatTimeAndWhatWasLost) {
    EXPECT_EQ(
        sentence(counted()),
        "Of 1,204 connections on port 80, the server closed 1,183 first (98.3 %), idle 65.0 s median; the client "
        "closed 20 first (1.7 %), idle 3.0 s median; both closed 1 at once; 3 requests were lost (1 stale reuse, 2 "
        "true race).");
}

TEST(CaptureSentence, OfNothing) {
    EXPECT_EQ(sentence(summary(20)), "No TCP connection was found.");
}

TEST(CaptureSentence, AttemptsAreNoConnections) {
    summary read(20);
    auto one = record(1, party::none);
    one.kind = connection_kind::refused;
    read.add(one);
    EXPECT_EQ(sentence(read), "No TCP connection was found.");
    EXPECT_NE(text_report(facts(), read, {}).find("1 connection attempt refused"), std::string::npos);
    EXPECT_FALSE(read.has_findings());
}

TEST(CaptureText, ListsLossesFirstAndSaysWhatIsNotListed) {
    const auto text = text_report(facts(), counted(5), {.width = 120});
    const auto loss_row = text.find("10.0.0.2:31202");
    const auto first_row = text.find("10.0.0.2:30001");
    ASSERT_NE(loss_row, std::string::npos) << text;
    ASSERT_NE(first_row, std::string::npos) << text;
    EXPECT_LT(loss_row, first_row);
    EXPECT_NE(text.find("10.0.0.2:30002"), std::string::npos);
    EXPECT_EQ(text.find("10.0.0.2:30003"), std::string::npos);
    EXPECT_NE(text.find("1,199 connections more"), std::string::npos) << text;
}

TEST(CaptureText, IsNeverWiderThanTheWindow) {
    auto read = counted(5);
    read.add(record(1300, party::server, 1s, 8080));  // a second server: a table of servers
    auto unknown = record(1301, party::client, 1s, 8080);
    unknown.unknown = capture_gap::segments_missing;
    unknown.ending.reset();
    unknown.server_by = server_evidence::lower_port;
    read.add(unknown);
    for (const std::size_t width : {40U, 60U, 80U, 120U, 200U}) {
        std::istringstream lines(text_report(facts(), read, {.width = width}));
        for (std::string line; std::getline(lines, line);)
            EXPECT_LE(report::display_width(line), width) << line;
    }
}

TEST(CaptureText, SaysWhatIsUnknownAndWhy) {
    summary read(20);
    auto one = record(1, party::client);
    one.unknown = capture_gap::one_direction;
    one.one_direction = true;
    one.ending.reset();
    one.counted_by = request_basis::turns;
    one.server_by = server_evidence::lower_port;
    read.add(one);
    const auto text = text_report(facts(), read, {.width = 200});
    EXPECT_NE(text.find("of 1 it cannot be known"), std::string::npos) << text;
    EXPECT_NE(text.find("unknown in 1 connection: one direction only"), std::string::npos) << text;
    EXPECT_NE(text.find("the server is guessed by its lower port in 1 connection"), std::string::npos) << text;
    EXPECT_NE(text.find("counted as the client's turns in 1 connection"), std::string::npos) << text;
    EXPECT_NE(text.find("2 turns"), std::string::npos) << text;
    EXPECT_EQ(text.find("client FIN"), std::string::npos) << text;
}

TEST(CaptureText, AStrangersFileNameCommandsNoTerminal) {
    auto hostile = facts();
    hostile.name = "\x1b]0;owned\x07.pcap";
    hostile.damage = "reading ended: \x1b[31m";
    EXPECT_EQ(text_report(hostile, counted(), {}).find('\x1b'), std::string::npos);
    std::ostringstream out;
    write_json(out, hostile, counted());
    EXPECT_EQ(out.str().find('\x1b'), std::string::npos);
}

TEST(CaptureJson, HoldsCountsServersAndEveryConnection) {
    std::ostringstream out;
    write_json(out, facts(), counted(5));
    const auto whole = json::parse(out.str()).as_object();
    EXPECT_EQ(whole.at("schema"), 1);
    EXPECT_TRUE(whole.at("damage").is_null());
    EXPECT_EQ(whole.at("connections"), 1204);
    EXPECT_EQ(whole.at("closed_first").at("server"), 1183);
    EXPECT_EQ(whole.at("requests").at("lost"), 3);
    EXPECT_EQ(whole.at("requests").at("stale_reuse"), 1);
    EXPECT_EQ(whole.at("idle_at_close_s").at("client").at("median"), 3.0);
    EXPECT_EQ(whole.at("servers").as_array().size(), 1U);
    const auto& first = whole.at("list").at(0);
    EXPECT_EQ(first.at("client").as_string(), "10.0.0.2:31202");
    EXPECT_EQ(first.at("lost").as_string(), "stale_reuse");
    EXPECT_TRUE(first.at("unknown_because").is_null());
}

TEST(CaptureJson, KeepsEveryNanosecond) {
    EXPECT_NE(to_json(record(1, party::server)).find("\"begin_s\":1700000001.000000007,"), std::string::npos);
}

TEST(CaptureCsv, HasAValueForEveryHeading) {
    auto unknown = record(2, party::client);
    unknown.unknown = capture_gap::mid_connection;
    unknown.ending.reset();
    unknown.idle_at_close = -1ns;
    for (const auto& one : {record(1, party::server), lost(3, loss::true_race), unknown}) {
        EXPECT_EQ(std::ranges::count(csv_line(one), ','), std::ranges::count(csv_heading(), ','));
        const auto object = json::parse(to_json(one)).as_object();
        EXPECT_EQ(object.size(), static_cast<std::size_t>(std::ranges::count(csv_heading(), ',')) + 1);
        // The same names in the same order.
        std::string names;
        for (const auto& field : object)
            names += (names.empty() ? "" : ",") + std::string(field.key());
        EXPECT_EQ(names, csv_heading());
    }
    EXPECT_NE(csv_line(unknown).find(",unknown,none,unknown,"), std::string::npos) << csv_line(unknown);
}

TEST(CaptureSummary, KeepsNoMoreThanItLists) {
    const auto list = counted(3).listed();
    ASSERT_EQ(list.size(), 3U);
    EXPECT_EQ(list[0].number, 1202U);
    EXPECT_EQ(counted(0).listed().size(), 0U);
    const auto all = counted(std::numeric_limits<std::size_t>::max()).listed();
    ASSERT_EQ(all.size(), 1204U);
    EXPECT_EQ(all[3].number, 1U);
}

}  // namespace
}  // namespace firstfin::capture_reading
