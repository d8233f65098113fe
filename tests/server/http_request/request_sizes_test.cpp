#include <gtest/gtest.h>

#include "server/http_request/request_parser.hpp"

// large_client_header_buffers: what fits depends on where the lines lie.

namespace firstfin::http_request {
namespace {

constexpr unsigned served = 200;

unsigned status_of(const std::string& bytes, const request_rules& rules = {}) {
    request_parser parser(rules);
    const auto done = parser.feed(bytes);
    if (done == request_parser::progress::wants_more) return 0;
    return done == request_parser::progress::complete ? served : parser.why().status;
}

/// A request whose line has this many bytes, its end included.
std::string line_of(std::size_t bytes) {
    const std::string begin = "GET /", end = " HTTP/1.1\r\n";
    return begin + std::string(bytes - begin.size() - end.size(), 'a') + end + "Host: a\r\n\r\n";
}

std::string header_of(std::size_t line_bytes, std::size_t lines) {
    std::string all = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (std::size_t at = 0; at != lines; ++at)
        all += "X: " + std::string(line_bytes - 5, 'b') + "\r\n";
    return all + "\r\n";
}

TEST(RequestSizes, ARequestLineFitsOneLargeBuffer) {
    EXPECT_EQ(status_of(line_of(8192)), served);
    EXPECT_EQ(status_of(line_of(8193)), 414U);
    EXPECT_EQ(status_of("GET /" + std::string(8186, 'a')), 0U);
    EXPECT_EQ(status_of("GET /" + std::string(8187, 'a')), 414U) << "without waiting for its end";
}

TEST(RequestSizes, AHeaderLineFitsOneLargeBuffer) {
    EXPECT_EQ(status_of(header_of(8192, 1)), served);
    EXPECT_EQ(status_of(header_of(8193, 1)), 400U);
}

TEST(RequestSizes, ThereAreFourLargeBuffers) {
    EXPECT_EQ(status_of(header_of(8000, 3)), served);
    EXPECT_EQ(status_of(header_of(8000, 4)), served);
    EXPECT_EQ(status_of(header_of(8000, 5)), 400U);
}

TEST(RequestSizes, ALineTooLongForALargeBufferFitsALargerFirstOne) {
    const request_rules rules{.client_header_buffer_size = 16384, .large_buffers = 2, .large_buffer_size = 512};
    EXPECT_EQ(status_of(line_of(16000), rules), served);
    EXPECT_EQ(status_of(line_of(16385), rules), 414U);
}

TEST(RequestSizes, HeaderTooLargeLingersAndIs400OnTheWire) {
    request_parser parser;
    ASSERT_EQ(parser.feed(header_of(9000, 1)), request_parser::progress::refused);
    EXPECT_EQ(parser.why().reason, refusal_reason::header_too_large);
    EXPECT_TRUE(parser.why().lingers);
}

TEST(RequestSizes, ABadByteThatDoesNotFitIsNotSeen) {
    const auto fits = "GET /" + std::string(8180, 'a') + "\x01";
    const auto does_not = "GET /" + std::string(8190, 'a') + "\x01";
    EXPECT_EQ(status_of(fits), 400U);
    EXPECT_EQ(status_of(does_not), 414U);
}

TEST(RequestSizes, ALineTooLongIsNotYetKnownToBeHttp09) {
    request_parser parser;
    ASSERT_EQ(parser.feed("GET /" + std::string(9000, 'a') + "\r\n"), request_parser::progress::refused);
    EXPECT_EQ(parser.why().status, 414U);
    EXPECT_FALSE(parser.why().bare);
}

TEST(RequestSizes, MaxHeadersCountsLines) {
    request_rules rules;
    rules.max_headers = 3;
    EXPECT_EQ(status_of(header_of(10, 2), rules), served);
    EXPECT_EQ(status_of(header_of(10, 3), rules), 400U);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nB_: 1\r\nC_: 1\r\nD_: 1\r\n\r\n", rules), served)
        << "ignored lines do not count";
}

TEST(RequestSizes, LineEndsBeforeARequestAreNoPartOfIt) {
    request_parser parser;
    EXPECT_EQ(parser.feed("\r\n\r\n"), request_parser::progress::wants_more);
    EXPECT_EQ(parser.drop_line_ends(), 4U);
    const std::string request = "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
    ASSERT_EQ(parser.feed(request), request_parser::progress::complete);
    EXPECT_EQ(parser.consumed(), request.size());
    EXPECT_EQ(parser.drop_line_ends(), 0U);
    EXPECT_EQ(status_of(std::string(100'000, '\n') + line_of(8192)), served);
}

}  // namespace
}  // namespace firstfin::http_request
