#include "server/http_request/request_parser.hpp"

#include <gtest/gtest.h>

namespace firstfin::http_request {
namespace {

using progress = request_parser::progress;
using namespace std::string_literals;

constexpr unsigned served = 200;

struct row {
    std::string bytes;
    unsigned status = served;
    refusal_reason reason = refusal_reason::none;
    request_rules rules = {};
};

request_rules newest() {
    request_rules rules;
    rules.speaks = dialect::of_nginx(1, 31, 5);
    return rules;
}

request_rules taking_odd_names() {
    request_rules rules;
    rules.ignore_invalid_headers = false;
    return rules;
}

std::string with_host(const std::string& line) {
    return line + "\r\nHost: a\r\n\r\n";
}
std::string with_lines(const std::string& lines) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n";
}

class RequestParser : public testing::TestWithParam<row> {};

/// In one piece and byte by byte, each time from another place in memory.
TEST_P(RequestParser, ServesOrRefuses) {
    for (const auto step : {GetParam().bytes.size(), std::size_t{1}}) {
        request_parser parser(GetParam().rules);
        auto done = progress::wants_more;
        for (std::size_t size = step; size <= GetParam().bytes.size() && done == progress::wants_more; size += step)
            done = parser.feed(std::string(GetParam().bytes, 0, size));
        if (GetParam().status == served) {
            EXPECT_EQ(done, progress::complete);
        } else {
            ASSERT_EQ(done, progress::refused);
            EXPECT_EQ(parser.why().status, GetParam().status) << describe(parser.why().reason);
            EXPECT_EQ(parser.why().reason, GetParam().reason) << describe(parser.why().reason);
        }
    }
}

using enum refusal_reason;

const row lines[] = {
    {with_host("GET / HTTP/1.1")},
    {with_host("M-SEARCH_ * HTTP/1.1"), 400, invalid_request_line},
    {with_host("FOO-BAR_ / HTTP/1.1")},
    {with_host("GET   /   HTTP/1.1  ")},
    {with_host("\r\n\nGET / HTTP/1.1")},
    {"GET / HTTP/1.1\nHost: a\n\n"},
    {"GET /\r\n"},
    {"GET /a?b  \n"},
    {with_host("GET / HTTP/1.999")},
    {with_host("GET http://b.test HTTP/1.1")},
    {with_host("GET ftp://[::1]:80?x HTTP/1.1")},
    {"get", 400, invalid_method},
    {" ", 400, invalid_method},
    {"\x16\x03\x01", 400, invalid_method},
    {"POST /\r\n", 400, method_of_0_9},
    {"GET *", 400, invalid_request_line},
    {"GET /a b", 400, invalid_request_line},
    {"GET /\x7f", 400, invalid_request_line},
    {"GET /\0"s, 400, invalid_request_line},
    {"GET / HTTP/1.1\rX", 400, invalid_request_line},
    {"GET / HTTP/0", 400, invalid_request_line},
    {"GET / HTTP/1.1000", 400, invalid_request_line},
    {"GET / HTTP/2", 505, unsupported_version},
    {"GET / HTTP/10", 505, unsupported_version},
    {with_host("GET /.. HTTP/1.1"), 400, invalid_path},
    {with_host("GET /%0g HTTP/1.1"), 400, invalid_path},
    {with_host("GET http:///x HTTP/1.1"), 400, invalid_target_host},
    {with_host("GET http://a_b/ HTTP/1.1"), 400, invalid_request_line},
    {with_host("TRACE / HTTP/1.1"), 405, trace_method},
    {with_host("CONNECT / HTTP/1.1"), 405, connect_method},
    {with_host("CONNECT a:443 HTTP/1.1"), 400, invalid_request_line},
    {with_host("CONNECT a:443 HTTP/1.1"), 405, connect_method, newest()},
    {with_host("CONNECT / HTTP/1.1"), 400, invalid_request_line, newest()},
};
INSTANTIATE_TEST_SUITE_P(Lines, RequestParser, testing::ValuesIn(lines));

const row headers[] = {
    {with_lines("X: 1")},
    {with_lines("X")},
    {with_lines("X: 1\r\r")},
    {with_lines("X_Y: 1")},
    {with_lines("(: 1")},
    {with_lines("Content-Length: 5\r\nHo_st: b")},
    {with_lines("X : 1"), 400, invalid_header_line},
    {with_lines("X: 1\r\n folded"), 400, invalid_header_line},
    {with_lines(": 1"), 400, invalid_header_line},
    {with_lines("X: 1\r2"), 400, invalid_header_line},
    {with_lines("X: \0"s), 400, invalid_header_line},
    {with_lines("X\x01: 1"), 400, invalid_header_line},
    {with_lines("Host: a"), 400, duplicate_host},
    {with_lines("Expect: a\r\nexpect: a"), 400, duplicate_header_line},
    {with_lines("Content-Length: 1\r\nContent-Length: 1"), 400, duplicate_header_line},
    {with_lines("User-Agent: a\r\nUser-Agent: a")},
    {with_lines("Content-Length: -1"), 400, invalid_content_length},
    {with_lines("Content-Length:"), 400, invalid_content_length},
    {with_lines("Content-Length: 9223372036854775807")},
    {with_lines("Content-Length: 9223372036854775808"), 400, invalid_content_length},
    {with_lines("Transfer-Encoding: chunked\r\nContent-Length: 1"), 400, length_and_coding},
    {with_lines("Transfer-Encoding: gzip\r\nContent-Length: 1"), 501, unknown_coding},
    {with_lines("Transfer-Encoding: Chunked")},
    {with_lines("Transfer-Encoding:\tchunked"), 501, unknown_coding},
    {with_lines("Transfer-Encoding:\tchunked\t"), served, none, newest()},
    {"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, coding_in_1_0},
    {"GET / HTTP/1.0\r\n\r\n"},
    {"GET / HTTP/1.1\r\n\r\n", 400, missing_host},
    {"GET http://b/ HTTP/1.1\r\n\r\n", 400, missing_host},
    {"GET / HTTP/1.0\r\nHost: a b\r\n", 400, invalid_host},
    {"GET http://b/ HTTP/1.1\r\nHost: a..b\r\n", 400, invalid_host},
    {"GET / HTTP/1.1\r\nHost:\ta\r\n", 400, invalid_host},
};
INSTANTIATE_TEST_SUITE_P(Headers, RequestParser, testing::ValuesIn(headers));

struct wish_row {
    std::string lines;
    bool new_kept;  ///< of HTTP/1.1
    bool old_kept;  ///< of HTTP/1.0
};

class ConnectionWish : public testing::TestWithParam<wish_row> {};

TEST_P(ConnectionWish, IsFoundAnywhereInALineAndTheLastCounts) {
    for (const auto& [version, kept] : {std::pair{"1.1", GetParam().new_kept}, {"1.0", GetParam().old_kept}}) {
        request_parser parser;
        const auto bytes = "GET / HTTP/"s + version + "\r\nHost: a\r\n" + GetParam().lines + "\r\n";
        ASSERT_EQ(parser.feed(bytes), progress::complete);
        EXPECT_EQ(parser.get().allows_keep_alive(), kept) << version;
    }
}

const wish_row wishes[] = {
    {"", true, false},
    {"Connection: close\r\n", false, false},
    {"Connection: foo, CLOSE\r\n", false, false},
    {"Connection: disclosed\r\n", false, false},
    {"Connection: close, keep-alive\r\n", false, false},
    {"Connection: close\r\nConnection: keep-alive\r\n", true, true},
    {"Connection: keep-alive\r\nConnection: close\r\n", false, false},
    {"Connection: close\r\nConnection: upgrade\r\n", false, false},
    {"Connection: xKeep-AliveX\r\n", true, true},
    {"Proxy-Connection: close\r\n", true, false},
};
INSTANTIATE_TEST_SUITE_P(Lines, ConnectionWish, testing::ValuesIn(wishes));

TEST(Request, SaysWhatItIsAbout) {
    request_parser parser;
    const auto bytes =
        "POST http://B.Test:8080/a/../b%20c?d=%20#e HTTP/1.1\r\nHost: other\r\nX-Test:  two  words  \r\n"
        "User-Agent: one\r\nuser-agent: two\r\nEXPECT: 100-Continue\r\nContent-Length: 12\r\n\r\nhello"s;
    ASSERT_EQ(parser.feed(bytes), progress::complete);
    EXPECT_EQ(bytes.substr(parser.consumed()), "hello");
    const auto& one = parser.get();
    EXPECT_EQ(one.verb, method::post);
    EXPECT_EQ(one.method_text, "POST");
    EXPECT_EQ(one.target, "/a/../b%20c?d=%20#e");
    EXPECT_EQ(one.path, "/b c");
    EXPECT_EQ(one.args, "d=%20");
    EXPECT_EQ(one.protocol, "HTTP/1.1");
    EXPECT_EQ(one.host, "b.test");
    EXPECT_EQ(one.headers.size(), 6U);
    EXPECT_EQ(one.headers.find("x-test"), "two  words");
    EXPECT_EQ(one.headers.find("none"), std::nullopt);
    EXPECT_EQ(one.user_agent, "one");
    EXPECT_TRUE(one.expects_continue);
    EXPECT_EQ(one.content_length, 12U);
    EXPECT_TRUE(one.has_body());
}

TEST(Request, ForgetsTheOneBefore) {
    request_parser parser;
    ASSERT_EQ(parser.feed("GET /%41 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\n"),
              progress::complete);
    parser.reset();
    ASSERT_EQ(parser.feed("GET /b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), progress::complete);
    EXPECT_EQ(parser.get().path, "/b");
    EXPECT_EQ(parser.get().host, "");
    EXPECT_TRUE(parser.get().allows_keep_alive());
    EXPECT_FALSE(parser.get().has_body());
}

TEST(Request, KeepsOddNamesWhereTheyAreNotIgnored) {
    for (const bool takes : {false, true}) {
        request_parser parser(takes ? taking_odd_names() : request_rules{});
        ASSERT_EQ(parser.feed("GET / HTTP/1.1\r\nHost: a\r\nX_Y: 1\r\n\r\n"), progress::complete);
        EXPECT_EQ(parser.get().headers.find("x_y").has_value(), takes);
    }
}

TEST(Refusal, TellsWhichBodyNginxStillWaitsFor) {
    request_parser parser;
    ASSERT_EQ(parser.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n"),
              progress::refused);
    EXPECT_EQ(parser.why().content_length, 7U);
    EXPECT_FALSE(parser.why().chunked);

    parser.reset();
    ASSERT_EQ(parser.feed("POST / HTTP/1.1\r\nContent-Length: 7\r\n\r\n"), progress::refused);
    EXPECT_EQ(parser.why().content_length, std::nullopt) << "no Host: its length was not read yet";
}

TEST(Refusal, OfHeadHasNoBodyEvenIfOnlyTheMethodIsGood) {
    for (const auto& [bytes, head] : {std::pair{"HEAD *"s, true},
                                      {"HEAD / HTTP/2"s, true},
                                      {"HEAD / HTTP/1.1\r\n\r\n"s, true},
                                      {"HEADX *"s, false},
                                      {"HEAD\r"s, false},
                                      {"HEAD /\r\n"s, false}}) {
        request_parser parser;
        ASSERT_EQ(parser.feed(bytes), progress::refused) << bytes;
        EXPECT_EQ(parser.why().head_only, head) << bytes;
    }
}

TEST(Refusal, OfHttp09HasNoHeader) {
    request_parser parser;
    ASSERT_EQ(parser.feed("GET /..\r\n"), progress::refused);
    EXPECT_TRUE(parser.why().bare);
    parser.reset();
    ASSERT_EQ(parser.feed("GET /.. HTTP/1.0\r\n"), progress::refused);
    EXPECT_FALSE(parser.why().bare);
}

}  // namespace
}  // namespace firstfin::http_request
