#include "server/nginx/answers/keep_alive_flag.hpp"

#include <gtest/gtest.h>

#include "tests/server/nginx/answers/asked_site.hpp"

namespace firstfin::nginx {
namespace {

using test::asked_site;
using test::line_of;

constexpr auto limits = R"(
    access_log off;
    server { listen 80; keepalive_timeout 0; return 200 x; }
    server { listen 81; keepalive_timeout 75 20;
        location / { return 200 x; }
        location /few { keepalive_requests 3; return 200 x; }
        location /short { keepalive_time 10s; return 200 x; }
        location /off { keepalive_timeout 0; return 200 x; }
        location /safari { keepalive_disable safari; return 200 x; }
        location /there { keepalive_timeout 0; error_page 404 /here; return 404; }
        location /here { return 200 x; } })";

TEST(KeepAlive, LimitsOfALocation) {
    asked_site site(limits);
    site.connection.listen = 1;
    struct one {
        const char* request;
        std::uint64_t requests;
        int age;
        bool exiting;
        const char* connection;
    };
    for (const auto& [request, requests, age, exiting, connection] : std::vector<one>{
             {"GET / HTTP/1.1\r\nHost: a", 1, 0, false, "keep-alive"},
             {"GET / HTTP/1.1\r\nHost: a", 1, 0, true, "close"},
             {"GET / HTTP/1.1\r\nHost: a\r\nConnection: disclosed", 1, 0, false, "close"},
             {"GET / HTTP/1.0", 1, 0, false, "close"},
             {"GET / HTTP/1.0\r\nConnection: Keep-Alive", 1, 0, false, "keep-alive"},
             {"GET / HTTP/1.1\r\nHost: a", 999, 0, false, "keep-alive"},
             {"GET / HTTP/1.1\r\nHost: a", 1000, 0, false, "close"},
             {"GET /few HTTP/1.1\r\nHost: a", 2, 0, false, "keep-alive"},
             {"GET /few HTTP/1.1\r\nHost: a", 3, 0, false, "close"},
             {"GET /short HTTP/1.1\r\nHost: a", 1, 9, false, "keep-alive"},
             {"GET /short HTTP/1.1\r\nHost: a", 1, 11, false, "close"},
             {"GET / HTTP/1.1\r\nHost: a", 1, 3601, false, "close"},
             {"GET /off HTTP/1.1\r\nHost: a", 1, 0, false, "close"},
             {"GET /there HTTP/1.1\r\nHost: a", 1, 0, false, "close"},  // what was cleared stays cleared
             {"POST / HTTP/1.1\r\nHost: a\r\nUser-Agent: MSIE 6.0; x", 1, 0, false, "close"},
             {"GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: MSIE 6.0; x", 1, 0, false, "keep-alive"},
             {"GET /safari HTTP/1.1\r\nHost: a\r\nUser-Agent: Mac OS X Safari/1", 1, 0, false, "close"},
         }) {
        site.connection.requests = requests;
        site.connection.accepted = site.clock.now() - std::chrono::seconds(age);
        site.parse(std::string(request) + "\r\n\r\n");
        auto what = site.about();
        what.exiting = exiting;
        const auto said = site.ask(what);
        EXPECT_EQ(line_of(said, "Connection"), connection) << request << " " << requests << " " << age;
        EXPECT_EQ(line_of(said, "Keep-Alive"), said.keeps_alive ? "timeout=20" : "") << request;
        EXPECT_EQ(said.keeps_alive, std::string_view(connection) == "keep-alive") << request;
    }
}

TEST(KeepAlive, AReturnOfTheServerItselfSkipsThem) {
    asked_site site(limits);
    site.connection.requests = 5000;
    const auto said = site.get("/");
    EXPECT_EQ(line_of(said, "Connection"), "keep-alive");
    // It closes all the same: the timeout is 0.
    EXPECT_EQ(said.values->keepalive_timeout.value.count(), 0);
}

TEST(KeepAlive, ClosingStatuses) {
    for (const int status : {400, 413, 414, 495, 496, 497, 500, 501})
        EXPECT_FALSE(status_keeps_alive(status)) << status;
    for (const int status : {301, 404, 405, 416, 429, 494, 502, 503, 504, 505, 507})
        EXPECT_TRUE(status_keeps_alive(status)) << status;
}

}  // namespace
}  // namespace firstfin::nginx
