#include "harness/store/record_json.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <limits>

#include "harness/store/json_text.hpp"
#include "tests/harness/store/equality.hpp"
#include "tests/harness/store/sample_run.hpp"

namespace firstfin::store {
namespace {

using test::story;

class TimelineJson : public testing::TestWithParam<story> {};

TEST_P(TimelineJson, ComesBackAsItWas) {
    const auto before = test::tell(GetParam());
    const auto after = parse_timeline(to_json(before));
    ASSERT_TRUE(after.has_value()) << after.error().message;
    EXPECT_TRUE(*after == before);
}

TEST_P(TimelineJson, GivesTheSameVerdict) {
    const auto before = test::tell(GetParam());
    EXPECT_TRUE(judge(parse_timeline(to_json(before)).value()) == judge(before));
}

INSTANTIATE_TEST_SUITE_P(Stories, TimelineJson, testing::ValuesIn(test::all_stories),
                         [](const auto& row) { return std::string(to_text(row.param)); });

TEST(ATimelineAsJson, KeepsEveryMemberAtItsLimits) {
    witness::timeline before;
    before.tuple = {parse_endpoint("[fd00::2]:65535").value(), parse_endpoint("[fd00::1]:1").value()};
    before.segments.push_back({time_point::max(), 4294967295U, 4294967295U, 4294967295U, side::client, 255});
    before.segments.push_back({time_point::min(), 0, 0, 0, side::server, 0});
    witness::subject_event event;
    event.at = time_point(duration(-1));
    event.from = side::client;
    event.kind = role::event_kind::close;
    event.says_close = true;
    event.pending_fin = true;
    event.reason = role::close_reason::system_error;
    event.state_before = tcp_state::new_syn_received;
    event.request = event.status = event.unread = 4294967295U;
    event.lateness = duration(-5);
    before.events.push_back(event);
    event.reason.reset();
    before.events.push_back(event);
    before.samples.push_back({time_point{}, side::client, static_cast<tcp_state>(200)});
    before.faults = {"", "\"\\\b\f\n\r\t\x01\x7f", "é 漢 \xF0\x9F\x98\x80", std::string("nul\0inside", 10)};
    EXPECT_TRUE(parse_timeline(to_json(before)).value() == before);
}

TEST(ATimelineAsJson, AnEmptyOneComesBack) {
    const witness::timeline before;
    EXPECT_TRUE(parse_timeline(to_json(before)).value() == before);
}

TEST(ATimelineAsJson, RefusesWhatIsNoTimeline) {
    for (const auto* text : {"", "[]", "{}", "{\"client\":1}", "nonsense"})
        EXPECT_FALSE(parse_timeline(text).has_value()) << text;
    const auto whole = to_json(test::tell(story::lost_request));
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(parse_timeline(whole.substr(0, size)).has_value()) << size;
}

TEST(ATimelineAsJson, SurvivesFlippedBits) {
    const auto whole = to_json(test::tell(story::lost_request));
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            auto wrong = whole;
            wrong[at] = static_cast<char>(wrong[at] ^ (1 << bit));
            (void)parse_timeline(wrong);  // a sentence or another timeline: never a crash
        }
}

TEST(EvidenceJson, ComesBackAsItWas) {
    const std::vector<evidence> before{{witness_kind::wire, true, 2, "FIN"},
                                       {witness_kind::subjects, false, 15, "\"quoted\""}};
    EXPECT_TRUE(parse_evidence(to_json(before)).value() == before);
    EXPECT_TRUE(parse_evidence("[]").value().empty());
    EXPECT_FALSE(parse_evidence("[[\"rumour\",1,2,\"\"]]").has_value());
}

TEST(JsonText, IsValidWhateverTheBytes) {
    std::string text;
    append_json_text(text,
                     "a\xFF"
                     "b\x1b[31m\xC2\x9B");
    EXPECT_EQ(text, "\"a\\ufffdb\\u001b[31m\\u009b\"");
    for (int first = 0; first < 256; ++first)
        for (int second = 0; second < 256; ++second) {
            std::string out;
            append_json_text(out, std::string{static_cast<char>(first), static_cast<char>(second)});
            boost::json::error_code failed;
            (void)boost::json::parse(out, failed);
            EXPECT_FALSE(failed) << first << ' ' << second << ' ' << out;
        }
}

}  // namespace
}  // namespace firstfin::store
