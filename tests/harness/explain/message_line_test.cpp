#include "harness/explain/message_line.hpp"

#include <gtest/gtest.h>

namespace firstfin::explain {
namespace {

using kind = message_line::kind;

message_line line_of(side from, std::string_view payload) {
    return message_line_of(from, {reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()});
}

TEST(MessageLine, OfARequestAndAResponse) {
    EXPECT_EQ(line_of(side::client, "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n"),
              (message_line{kind::request, "GET /a?b HTTP/1.1", false}));
    EXPECT_EQ(line_of(side::server, "HTTP/1.1 200 OK\r\n\r\nok"),
              (message_line{kind::response, "HTTP/1.1 200 OK", false}));
    EXPECT_EQ(line_of(side::client, "HEAD / HTTP/1.0\nrest"), (message_line{kind::request, "HEAD / HTTP/1.0", false}));
}

TEST(MessageLine, TheMiddleOfAResponseIsNone) {
    EXPECT_EQ(line_of(side::server, "more of the body\n"), message_line{});
    EXPECT_EQ(line_of(side::server, ""), message_line{});
    EXPECT_EQ(line_of(side::client, ""), message_line{});
}

TEST(MessageLine, ARequestLineLongerThanTheSnapshotIsCut) {
    const std::string long_line = "GET /" + std::string(240, 'a');
    EXPECT_EQ(line_of(side::client, long_line), (message_line{kind::request, long_line, true}));
}

TEST(MessageLine, WhatIsNoRequestLineIsSaidToBeNone) {
    for (const auto* text : {"get / HTTP/1.1\r\n", "\x16\x03\x01\n", "GET\r\n", "GET /\r\n", " \r\n", "\n"})
        EXPECT_EQ(line_of(side::client, text).what, kind::other) << text;
}

}  // namespace
}  // namespace firstfin::explain
