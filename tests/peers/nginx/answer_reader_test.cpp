#include "tests/peers/nginx/answer_reader.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace firstfin::testing {
namespace {

TEST(AnswerReader, takes_one_answer_after_another_from_any_pieces) {
    answer_reader reader;
    const std::string_view all =
        "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: close\r\nKeep-Alive: timeout=20\r\nContent-Length: "
        "3\r\n\r\nabcHTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nxy\r\n0\r\n\r\n";
    std::size_t whole = 0;
    for (const char byte : all) {
        reader.feed({&byte, 1});
        const auto got = reader.next(false);
        if (!got) continue;
        ++whole;
        EXPECT_EQ(got->status, whole == 1 ? "200" : "404");
        EXPECT_EQ(got->connection, whole == 1 ? "keep-alive, close" : "");
        EXPECT_EQ(got->keep_alive, whole == 1 ? "timeout=20" : "");
        EXPECT_EQ(got->framing, whole == 1 ? "length" : "chunked");
        EXPECT_EQ(got->body, whole == 1 ? 3U : 2U);
        EXPECT_FALSE(got->cut);
    }
    EXPECT_EQ(whole, 2U);
    EXPECT_EQ(reader.left(), "");
}

TEST(AnswerReader, an_answer_to_head_has_no_body) {
    answer_reader reader;
    reader.feed("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
    EXPECT_EQ(reader.next(true)->framing, "none");
    EXPECT_EQ(reader.next(true)->framing, "length");
    EXPECT_EQ(reader.left(), "");
}

TEST(AnswerReader, the_end_ends_a_body_without_length_and_cuts_one_with) {
    answer_reader open_ended;
    open_ended.feed("HTTP/1.1 200 OK\r\n\r\nabc");
    EXPECT_FALSE(open_ended.next(false));
    open_ended.end();
    const auto whole = open_ended.next(false);
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->framing, "end");
    EXPECT_EQ(whole->body, 3U);
    EXPECT_FALSE(whole->cut);

    answer_reader measured;
    measured.feed("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
    measured.end();
    EXPECT_TRUE(measured.next(false)->cut);
}

TEST(AnswerReader, without_a_status_line_everything_is_body) {
    answer_reader reader;
    reader.feed("text");
    EXPECT_FALSE(reader.next(false));
    reader.end();
    const auto got = reader.next(false);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, "0.9");
    EXPECT_EQ(got->body, 4U);
}

TEST(AnswerReader, what_is_no_answer_is_an_error) {
    answer_reader reader;
    reader.feed("HTTP/9 what?\r\n\r\n");
    EXPECT_THROW(std::ignore = reader.next(false), std::runtime_error);
    answer_reader cut;
    cut.feed("HTTP/1.1 200 OK\r\nConn");
    cut.end();
    EXPECT_THROW(std::ignore = cut.next(false), std::runtime_error);
}

}  // namespace
}  // namespace firstfin::testing
