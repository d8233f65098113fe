#include "server/nginx/answers/site.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/server/nginx/answers/asked_site.hpp"
#include "tests/support/temporary_folder.hpp"

// What needs no real nginx beside it; the bytes are compared in tests/peers/nginx_answers.

namespace firstfin::nginx {
namespace {

using test::asked_site;
using test::body_of;
using test::line_of;

std::string refused(const std::string& http) {
    try {
        asked_site site("access_log off;\n" + http);
    } catch (const bad_input& why) {
        return why.what();
    }
    return "served";
}

TEST(Site, RefusesWhatItCannotServe) {
    EXPECT_EQ(refused("server { listen 443 ssl; ssl_certificate a; ssl_certificate_key b; }"),
              "/c/n.conf:4:10: listen ... ssl: TLS is not served here; leave this server out, or its ssl");
    EXPECT_EQ(refused("server { listen 80 proxy_protocol; }"),
              "/c/n.conf:4:10: listen ... proxy_protocol is not served here; leave the word out");
    EXPECT_EQ(refused("server { listen unix:/x; }"),
              "/c/n.conf:4:10: listen unix: only TCP is served here; listen on an address and port");
    EXPECT_EQ(refused("server { location / { return 200 $nope; } }"), "/c/n.conf:4:23: unknown \"nope\" variable");
    EXPECT_EQ(refused("server { location / { add_header A ${nope}; } }"), "/c/n.conf:4:23: unknown \"nope\" variable");
    EXPECT_EQ(refused("log_format f $nope; server { access_log /dev/null f; }"),
              "/c/n.conf:4:1: unknown \"nope\" variable");
}

TEST(Site, NotesWhatItDoesNotFollow) {
    asked_site site(R"(access_log off; gzip on; types_hash_max_size 512;
map $uri $m { default x; }
server { set $s 1; rewrite ^/a /b; if ($uri) { return 404; }
  location / { auth_basic private; autoindex off; limit_rate 1k; return 200 "$m$s$upstream_addr|"; }
  location ~ /(?<cap>x)(.) { return 200 $cap$2|; }
  location /p { proxy_pass http://127.0.0.1:1; } })");
    EXPECT_EQ(site->notes(), (std::vector<std::string>{
                                 "/c/n.conf:4:1: map is not followed: its variables are empty",
                                 "/c/n.conf:5:10: set is not followed",
                                 "/c/n.conf:5:20: rewrite is not followed",
                                 "/c/n.conf:6:16: auth_basic is not followed",
                                 "/c/n.conf:3:17: gzip on is not followed: nothing is compressed",
                                 "/c/n.conf:5:36: if is not followed: its block is left out",
                                 "/c/n.conf:8:17: proxy_pass is not followed: the answer is 501",
                                 "/c/n.conf:6:66: $m is made by what is not followed: it is empty",
                                 "/c/n.conf:6:66: $s is made by what is not followed: it is empty",
                                 "/c/n.conf:6:66: $upstream_addr has no value here: it is empty",
                                 "/c/n.conf:7:30: $cap is made by what is not followed: it is empty",
                                 "/c/n.conf:7:30: captures of patterns are not followed: they are empty",
                             }));
    EXPECT_EQ(body_of(site.get("/")), "|");
    EXPECT_EQ(site.get("/p").status, 501);
    EXPECT_EQ(site.get("/").rate, 1024);
}

TEST(Site, RedirectsOfHostlessRequestsNameTheAddress) {
    asked_site site(
        "access_log off; server { listen 8080; location / { return 302 /x; } location /n { port_in_redirect off; "
        "return 302 /x; } }");
    EXPECT_EQ(line_of(site.ask("GET / HTTP/1.0\r\n\r\n"), "Location"), "http://127.0.0.1:8080/x");
    EXPECT_EQ(line_of(site.ask("GET /n HTTP/1.0\r\n\r\n"), "Location"), "http://127.0.0.1/x");
    EXPECT_EQ(line_of(site.get("/"), "Location"), "http://a.test:8080/x");
    site.connection.local = endpoint(boost::asio::ip::make_address("fe00::1"), 8080);
    EXPECT_EQ(line_of(site.ask("GET / HTTP/1.0\r\n\r\n"), "Location"), "http://[fe00::1]:8080/x");
}

TEST(Site, NothingIsSaidTo444And408And499) {
    asked_site site(
        "access_log off; server { listen 80; location /444 { return 444; } location /408 { return 408; } location /499 "
        "{ return 499; } }");
    for (const auto* target : {"/444", "/408", "/499"}) {
        const auto said = site.get(target);
        EXPECT_EQ(said.what, answer::kind::nothing) << target;
        EXPECT_TRUE(said.bytes.empty()) << target;
        EXPECT_EQ(said.resets, std::string_view(target) == "/444");
        ASSERT_NE(said.values, nullptr);
    }
}

TEST(Site, BodiesThatAreDiscarded) {
    asked_site site(
        "access_log off; server { listen 80; client_max_body_size 10; location / { return 200 x; } location /404 { "
        "return 404; } }");
    const std::string expecting = " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ";
    EXPECT_TRUE(site.ask("POST /" + expecting + "5\r\n\r\n").sends_continue);
    EXPECT_FALSE(site.ask("POST /404" + expecting + "5\r\n\r\n").sends_continue);
    const auto large = site.ask("POST /" + expecting + "11\r\n\r\n");
    EXPECT_EQ(large.status, 413);
    EXPECT_FALSE(large.sends_continue);
    EXPECT_FALSE(large.keeps_alive);
    EXPECT_FALSE(large.ends_before_body);
    site.parse("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    auto what = site.about();
    what.discard_error = 400;
    const auto bad = site.ask(what);
    EXPECT_EQ(bad.status, 400);
    EXPECT_TRUE(bad.ends_before_body);
    EXPECT_FALSE(bad.keeps_alive);
}

TEST(Site, RefusedHeadersLinger) {
    asked_site site("access_log off; server { listen 80; }");
    const auto said = site.ask("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(9000, 'x') + "\r\n\r\n");
    EXPECT_EQ(said.status, 400);
    EXPECT_TRUE(said.lingers);
    EXPECT_EQ(line_of(said, "Connection"), "close");
}

class SiteFiles : public ::testing::Test {
protected:
    void SetUp() override {
        std::filesystem::create_directories(folder_.path() / "root/sub");
        std::ofstream(folder_.path() / "secret") << "secret";
        std::ofstream(folder_.path() / "root/small") << std::string(32768, 's');
        std::ofstream(folder_.path() / "root/large") << std::string(32769, 'l');
        std::ofstream(folder_.path() / "root/page.html") << std::string(40000, 'p');
    }
    [[nodiscard]] std::string http(const std::string& rest = "") const {
        return "access_log off; server { listen 80; root " + (folder_.path() / "root").string() + "; " + rest + " }";
    }
    firstfin::test::temporary_folder folder_;
};

TEST_F(SiteFiles, SmallOnesComeWithTheirHeader) {
    asked_site site(http());
    const auto small = site.get("/small");
    EXPECT_TRUE(small.rest.empty());
    EXPECT_EQ(body_of(small), std::string(32768, 's'));
    const auto large = site.get("/large");
    EXPECT_EQ(body_of(large), "");
    ASSERT_EQ(large.rest.size(), 1U);
    EXPECT_EQ(large.rest[0].begin, 0);
    EXPECT_EQ(large.rest[0].size, 32769);
    ASSERT_TRUE(large.rest[0].file);
    const auto part = site.get("/large", "Range: bytes=10-19\r\n");
    EXPECT_EQ(body_of(part), "llllllllll");
    const auto head = site.ask("HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(line_of(head, "Content-Length"), "32769");
    EXPECT_TRUE(head.rest.empty());
}

TEST_F(SiteFiles, ALargeOneOfUnknownLengthIsFramed) {
    asked_site site(http("ssi on;"));
    const auto said = site.get("/page.html");
    EXPECT_EQ(line_of(said, "Transfer-Encoding"), "chunked");
    EXPECT_EQ(body_of(said), "9c40\r\n");
    ASSERT_EQ(said.rest.size(), 2U);
    EXPECT_EQ(said.rest[0].size, 40000);
    EXPECT_EQ(said.rest[1].text, "\r\n0\r\n\r\n");
}

TEST_F(SiteFiles, NothingLeavesTheRoot) {
    asked_site site(http("location /al { alias " + (folder_.path() / "root/sub").string() +
                         "; } location /al/ { alias " + (folder_.path() / "root/sub").string() + "/; }"));
    for (const auto* target :
         {"/../secret", "/sub/../../secret", "/%2e%2e/secret", "/sub/%2e%2e%2f..%2fsecret", "/./..//secret",
          "/sub/..%2f..%2fsecret", "/al/../../secret", "/al../secret", "/al/..%2f../secret", "/al/%2e%2e/../secret",
          "/..%5csecret", "/%00/secret", "/sub/....//secret", "//../secret"}) {
        const auto said = site.get(target);
        EXPECT_NE(said.status, 200) << target;
        EXPECT_EQ(said.bytes.find("secret\""), std::string::npos) << target;
    }
}

TEST_F(SiteFiles, RulesOfTheDefaultServer) {
    asked_site site(http("large_client_header_buffers 2 2k; underscores_in_headers on; merge_slashes off;"));
    EXPECT_EQ(site->rules(0).large_buffers, 2U);
    EXPECT_EQ(site->rules(0).large_buffer_size, 2048U);
    EXPECT_TRUE(site->rules(0).underscores_in_headers);
    EXPECT_FALSE(site->rules(0).merge_slashes);
    EXPECT_TRUE(site->rules(0).ignore_invalid_headers);
    EXPECT_EQ(site->rules(0).max_headers, 1000U);
    EXPECT_EQ(&site->default_server(0), &site->settings().servers.front());
}

}  // namespace
}  // namespace firstfin::nginx
