#include "server/request_reader.hpp"

#include <gtest/gtest.h>

#include <random>

namespace firstfin {
namespace {

using progress = request_reader::progress;

void append(boost::beast::flat_buffer& input, std::string_view bytes) {
    input.commit(boost::asio::buffer_copy(input.prepare(bytes.size()), boost::asio::buffer(bytes)));
}

struct row {
    std::string name;
    std::string bytes;
    progress expected;
    unsigned status = 200;
    std::size_t left = 0;  ///< bytes that belong to the next request
};

const std::string long_header = "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n";

class RequestReader : public testing::TestWithParam<row> {};

TEST_P(RequestReader, ReadsAtOnce) {
    boost::beast::flat_buffer input;
    append(input, GetParam().bytes);
    request_reader reader;
    EXPECT_EQ(reader.feed(input), GetParam().expected);
    EXPECT_EQ(reader.status(), GetParam().status);
    if (GetParam().expected == progress::complete) {
        EXPECT_EQ(input.size(), GetParam().left);
    }
}

TEST_P(RequestReader, ReadsByteByByte) {
    boost::beast::flat_buffer input;
    request_reader reader;
    auto got = progress::wants_more;
    for (const char byte : GetParam().bytes) {
        append(input, {&byte, 1});
        got = reader.feed(input);
        if (got != progress::wants_more) break;
    }
    EXPECT_EQ(got, GetParam().expected);
    EXPECT_EQ(reader.status(), GetParam().status);
}

INSTANTIATE_TEST_SUITE_P(
    Messages, RequestReader,
    testing::Values(
        row{"get", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", progress::complete},
        row{"get_10", "GET / HTTP/1.0\r\n\r\n", progress::complete},
        row{"two_pipelined", "GET / HTTP/1.0\r\n\r\nGET /2", progress::complete, 200, 6},
        row{"empty_lines_before", "\r\n\r\nGET / HTTP/1.0\r\n\r\n", progress::complete},
        row{"half_a_line", "GET / HT", progress::wants_more}, row{"only_an_empty_line", "\r\n", progress::wants_more},
        row{"body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", progress::complete},
        row{"half_a_body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab", progress::wants_more},
        row{"chunked",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
            progress::complete},
        row{"garbage", "\x16\x03\x01 hello\r\n\r\n", progress::refused, 400},
        row{"http2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", progress::refused, 400},
        row{"no_host", "GET / HTTP/1.1\r\n\r\n", progress::refused, 400},
        row{"two_hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", progress::refused, 400},
        row{"bad_field", "GET / HTTP/1.1\r\nHo st: a\r\n\r\n", progress::refused, 400},
        row{"length_and_chunked",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", progress::refused,
            400},
        row{"bad_chunk", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", progress::refused,
            400},
        row{"long_header", long_header, progress::refused, 431},
        row{"long_body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", progress::refused, 413},
        row{"connect", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", progress::refused, 405}),
    [](const auto& tested) { return tested.param.name; });

TEST(RequestReaderFacts, AreThoseOfTheHeader) {
    boost::beast::flat_buffer input;
    append(input, "HEAD / HTTP/1.0\r\nConnection: TE, keep-alive\r\nConnection: x\r\n\r\n");
    request_reader reader;
    ASSERT_EQ(reader.feed(input), progress::complete);
    EXPECT_TRUE(reader.is_head());
    EXPECT_EQ(reader.version(), 10U);
    EXPECT_TRUE(reader.wishes().keep_alive);
    EXPECT_FALSE(reader.wishes().close);
}

TEST(RequestReaderFacts, GivesTheGoAheadOnce) {
    boost::beast::flat_buffer input;
    append(input, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n");
    request_reader reader;
    ASSERT_EQ(reader.feed(input), progress::wants_more);
    EXPECT_TRUE(reader.wants_go_ahead());
    EXPECT_FALSE(reader.wants_go_ahead());
    append(input, "abc");
    EXPECT_EQ(reader.feed(input), progress::complete);
}

// Whatever arrives, the reader ends in one of its three states and never reads beyond its input (the sanitizers watch).
TEST(RequestReaderNoise, SurvivesFlippedBits) {
    const std::string good =
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    std::mt19937 draw(1);
    for (int round = 0; round < 5'000; ++round) {
        auto bytes = good.substr(0, draw() % (good.size() + 1));
        for (unsigned flips = draw() % 4; flips > 0 && !bytes.empty(); --flips)
            bytes[draw() % bytes.size()] ^= static_cast<char>(1U << (draw() % 8));
        boost::beast::flat_buffer input;
        append(input, bytes);
        request_reader reader;
        if (reader.feed(input) == progress::refused) {
            EXPECT_GE(reader.status(), 400U);
        }
    }
}

}  // namespace
}  // namespace firstfin
