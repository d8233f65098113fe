#include <gtest/gtest.h>

#include "harness/capture_reading/request_counter.hpp"

namespace firstfin::capture_reading {
namespace {

using namespace std::string_view_literals;

payload_kind kind(std::string_view captured, std::uint32_t payload = 0) {
    return kind_of_payload({reinterpret_cast<const std::uint8_t*>(captured.data()), captured.size()},
                           payload == 0 ? static_cast<std::uint32_t>(captured.size()) : payload);
}

TEST(PayloadKind, IsToldByTheFirstBytes) {
    EXPECT_EQ(kind("GET / HTTP/1.1\r\nHost: a\r\n"), payload_kind::http_request_line);
    EXPECT_EQ(kind("PURGE /x HTTP/1.0\n"), payload_kind::http_request_line);
    EXPECT_EQ(kind("GET /a/long/path", 900), payload_kind::http_request);
    EXPECT_EQ(kind("GET /"), payload_kind::http_request);
    EXPECT_EQ(kind("HTTP/1.1 200 OK\r\n"), payload_kind::http_response);
    EXPECT_EQ(kind("HTTP/1.1 100 Continue\r\n\r\n"), payload_kind::http_interim);
    EXPECT_EQ(kind("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n"), payload_kind::http_interim);
    EXPECT_EQ(kind("HTTP/1.1 101 Switching Protocols\r\n\r\n"), payload_kind::http_response);
    EXPECT_EQ(kind("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"), payload_kind::http_response);
    EXPECT_EQ(kind("USER hello\r\n"), payload_kind::other);
    EXPECT_EQ(kind("GET the ball\r\n"), payload_kind::other);
    EXPECT_EQ(kind("STOR /file", 900), payload_kind::other);
    EXPECT_EQ(kind("\x16\x03\x01\x02\x00\x01"sv, 517), payload_kind::other);
    EXPECT_EQ(kind("\x15\x03\x03\x00\x02\x01\x00"sv), payload_kind::tls_alert);
    EXPECT_EQ(kind("\x17\x03\x03\x00\x13"sv, 24), payload_kind::tls_alert);
    EXPECT_EQ(kind("\x17\x03\x03\x00\x13"sv, 90), payload_kind::other);
    EXPECT_EQ(kind("\x17\x03\x03\x01\x13"sv, 280), payload_kind::other);
}

TEST(PayloadKind, IsUnseenWhereTooLittleIsLeft) {
    EXPECT_EQ(kind("", 80), payload_kind::unseen);
    EXPECT_EQ(kind("GE", 80), payload_kind::unseen);
    EXPECT_EQ(kind("HTTP", 80), payload_kind::unseen);
    EXPECT_EQ(kind("\x16", 80), payload_kind::other);
    EXPECT_EQ(kind("GE"), payload_kind::other);
}

TEST(RequestCounter, CountsRequestsThatFollowEachOther) {
    request_counter count;
    count.add(side::client, payload_kind::http_request_line, 100);
    count.add(side::client, payload_kind::http_request_line, 100);  // pipelined
    count.add(side::server, payload_kind::http_response, 900);
    count.add(side::client, payload_kind::http_request, 80);
    count.add(side::client, payload_kind::http_request, 80);  // its body, perhaps
    EXPECT_EQ(count.requests(), 3U);
    EXPECT_EQ(count.basis(), request_basis::http);
}

TEST(RequestCounter, CountsTurnsWhereOneCannotBeRead) {
    request_counter count;
    count.add(side::client, payload_kind::http_request_line, 100);
    count.add(side::server, payload_kind::http_response, 900);
    count.add(side::client, payload_kind::unseen, 80);
    count.add(side::client, payload_kind::unseen, 80);
    EXPECT_EQ(count.requests(), 2U);
    EXPECT_EQ(count.basis(), request_basis::turns);
}

TEST(RequestCounter, ABodyAfterAnInterimAnswerBelongsToItsRequest) {
    request_counter count;
    count.add(side::client, payload_kind::http_request_line, 100);
    count.add(side::server, payload_kind::http_interim, 25);
    count.add(side::client, payload_kind::other, 5000);
    EXPECT_EQ(count.requests(), 1U);
    EXPECT_TRUE(count.last_turn_may_be_a_request());
}

TEST(RequestCounter, ABodyAfterItsRefusalIsNoRequest) {
    request_counter count;
    count.add(side::client, payload_kind::http_request_line, 100);
    count.add(side::server, payload_kind::http_response, 250);
    count.add(side::client, payload_kind::other, 5000);
    EXPECT_FALSE(count.last_turn_may_be_a_request());
}

TEST(RequestCounter, FollowsBothEndsAlike) {
    request_counter count;
    count.add(side::server, payload_kind::http_request_line, 100);
    count.add(side::client, payload_kind::http_response, 900);
    EXPECT_EQ(count.basis(), request_basis::turns);
    count.swap_sides();
    EXPECT_EQ(count.requests(), 1U);
    EXPECT_EQ(count.basis(), request_basis::http);
}

TEST(RequestCounter, AnEncryptedGoodbyeIsNoRequest) {
    request_counter count;
    count.add(side::client, payload_kind::unseen, 31);
    EXPECT_FALSE(count.last_turn_may_be_a_request());
    count.add(side::client, payload_kind::unseen, 60);
    EXPECT_TRUE(count.last_turn_may_be_a_request());
    count.add(side::server, payload_kind::other, 60);
    count.add(side::client, payload_kind::tls_alert, 100);
    EXPECT_FALSE(count.last_turn_may_be_a_request());
    count.add(side::server, payload_kind::other, 60);
    count.add(side::client, payload_kind::http_request, 26);
    EXPECT_TRUE(count.last_turn_may_be_a_request());
}

}  // namespace
}  // namespace firstfin::capture_reading
