#include "server/nginx/answers/preconditions.hpp"

#include <gtest/gtest.h>

#include "server/http_request/request_parser.hpp"

namespace firstfin::nginx {
namespace {

constexpr validators file{.last_modified = 784111777, .etag = "\"tag\""};
constexpr validators nothing{.last_modified = -1, .etag = ""};

precondition checked(const std::string& lines, const validators& of) {
    const auto bytes = "GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n";
    http_request::request_parser parser;
    EXPECT_EQ(parser.feed(bytes), http_request::request_parser::progress::complete) << lines;
    return check_preconditions(parser.get().headers, of);
}

TEST(Preconditions, AreCheckedAsNginxDoes) {
    const auto send = precondition::send, same = precondition::not_modified, failed = precondition::failed;
    const std::vector<std::tuple<const char*, precondition, precondition>> rows{
        // line, of a file, of what has no validators
        {"X: y", send, send},
        {"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", same, send},
        {"If-Modified-Since: Sun, 06 Nov 1994 08:49:38 GMT", send, send},
        {"If-Modified-Since: rubbish", send, send},
        {"If-None-Match: \"tag\"", same, send},
        {"If-None-Match: W/\"tag\"", same, send},
        {"If-None-Match: \"a\", \"tag\" ,\"b\"", same, send},
        {"If-None-Match: \"tagged\"", send, send},
        {"If-None-Match: *", same, same},
        {"If-Match: \"tag\"", send, failed},
        {"If-Match: W/\"tag\"", failed, failed},
        {"If-Match: *", send, send},
        {"If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT", send, failed},
        {"If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT", failed, failed},
        {"If-Unmodified-Since: rubbish", failed, failed},
        {"if-none-match: \"x\"\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", send, send},
    };
    for (const auto& [lines, of_file, of_nothing] : rows) {
        EXPECT_EQ(checked(lines, file), of_file) << lines;
        EXPECT_EQ(checked(lines, nothing), of_nothing) << lines;
    }
}

}  // namespace
}  // namespace firstfin::nginx
