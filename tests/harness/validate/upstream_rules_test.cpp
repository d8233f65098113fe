#include <gtest/gtest.h>

#include "tests/harness/validate/reading.hpp"

namespace firstfin::test {

namespace {

using words = std::vector<std::string>;

struct row {
    std::string text;  ///< inside of http, its first line is line 1
    words options;
    words expected;  ///< "rule:line:severity"
};

void expect_all(const std::vector<row>& all) {
    for (const auto& one : all)
        EXPECT_EQ(found(validated_http(one.text, one.options)), one.expected) << one.text;
}

/// The upstream's own lines begin on line 2, those of the location on line 6.
std::string passing(const std::string& pool, const std::string& place, const std::string& server = "server 10.0.0.1;") {
    return "upstream app {\n" + server + " " + pool + "\n}\nserver { listen 80;\nlocation / {\n" + place +
           "\nproxy_pass http://app;\n}\n}";
}

const std::string both = "proxy_http_version 1.1; proxy_set_header Connection '';";

words old(words more = {}) {
    more.insert(more.end(), {"--nginx-version", "1.22.1"});
    return more;
}

const words backend{"--backend", "idle=75s"};

TEST(UpstreamRules, PoolsThatAreNotThere) {
    expect_all({
        {passing("", ""), old(), {"upstream-no-keepalive:1:note"}},
        {passing("", ""), old({"--rate", "400"}), {"upstream-no-keepalive:1:warning"}},
        {passing("keepalive 0;", ""), {}, {"upstream-no-keepalive:2:note"}},
        {passing("", ""), backend, {}},
        {"server { listen 80;\nlocation / {\nproxy_pass http://10.0.0.1:81;\n}\n}", {}, {"upstream-implicit:3:note"}},
        {"server { listen 80;\nlocation / {\nproxy_pass http://10.0.0.1:81;\n}\n}",
         {"--rate", "400"},
         {"upstream-implicit:3:warning"}},
        {passing("keepalive 8; least_conn;", both), old(backend), {"upstream-keepalive-order:2:warning"}},
        {passing("least_conn; keepalive 8;", both), old(backend), {}},
        {passing("keepalive 8; least_conn;", both), backend, {}},
    });
}

TEST(UpstreamRules, PoolsThatStayEmpty) {
    const std::string map = "map $http_upgrade $up { default upgrade; '' close; }";
    const std::string good_map = "map $http_upgrade $up { default upgrade; '' ''; }";
    const std::string upgrade = "proxy_http_version 1.1; proxy_set_header Connection $up;";
    expect_all({
        {passing("keepalive 8;", ""), old(), {"upstream-http10:7:warning"}},
        {passing("keepalive 8;", "proxy_http_version 1.0;"), {}, {"upstream-http10:6:warning"}},
        {passing("keepalive 8;", "proxy_http_version 1.1;"), old(), {"upstream-connection-close:7:warning"}},
        {passing("keepalive 8;", "proxy_set_header Connection close;"), {}, {"upstream-connection-close:6:warning"}},
        {passing("keepalive 8;", both), old(backend), {}},
        {passing("keepalive 8;", "proxy_set_header Connection keep-alive;"), old(backend), {}},
        {map + passing("keepalive 8;", upgrade), old(), {"upstream-connection-map:6:warning"}},
        {good_map + passing("keepalive 8;", upgrade), old(backend), {}},
        {both + passing("keepalive 8;", "proxy_set_header Host a;"), old(), {"upstream-connection-lost:6:warning"}},
        {both + passing("keepalive 8;", "proxy_set_header Host a;"), backend, {}},
        {both + passing("keepalive 8;", ""), old(backend), {}},
    });
}

TEST(UpstreamRules, BackendsLimits) {
    expect_all({
        {passing("", ""), {"--backend", "node-http-server"}, {"upstream-outlives-backend:1:error"}},
        {passing("keepalive_timeout 1s;", ""), {"--backend", "node-http-server"}, {}},
        {passing("keepalive_timeout 4s;", ""), {"--backend", "node-http-server"}, {"upstream-near-backend:2:warning"}},
        {passing("keepalive_timeout 60s;", ""), {"--backend", "nginx"}, {}},
        {passing("keepalive_timeout 75s;", ""), {"--backend", "app=nginx"}, {"upstream-outlives-backend:2:error"}},
        {passing("", ""), {"--backend", "idle=never"}, {}},
        {passing("", ""), {}, {"upstream-post:1:note"}},
        {passing("", "proxy_next_upstream off;"), {}, {"upstream-no-retry:6:warning"}},
        {passing("", "proxy_next_upstream off;"), backend, {}},
        {passing("", "proxy_next_upstream error non_idempotent;"), {}, {"upstream-non-idempotent:6:note"}},
        {passing("keepalive_timeout 400s;", ""), {"--backend", "aws-nlb"}, {"upstream-silent-drop:2:warning"}},
        {passing("keepalive_timeout 300s;", ""), {"--backend", "aws-nlb"}, {}},
    });
}

TEST(UpstreamRules, Load) {
    const std::string direct = "server { listen 80;\nlocation / {\nproxy_pass http://10.0.0.1:81;\n}\n}";
    const auto rate = [](const std::string& number, words more = {}) {
        more.insert(more.end(), {"--rate", number, "--workers", "1", "--backend", "idle=75s"});
        return more;
    };
    expect_all({
        {direct, rate("471"), {"upstream-implicit:3:warning", "upstream-ports:3:error"}},
        {direct, rate("470"), {"upstream-implicit:3:warning"}},
        {direct, rate("471", {"--sysctl", "net.ipv4.tcp_tw_reuse=1"}), {"upstream-implicit:3:warning"}},
        {passing("keepalive 0;", "", "server 10.0.0.1; server 10.0.0.2;"),
         rate("471"),
         {"upstream-no-keepalive:2:warning"}},
        {passing("keepalive 0;", "", "server 127.0.0.1:9;"), rate("471"), {"upstream-no-keepalive:2:warning"}},
        {passing("keepalive 0;", "", "server unix:/run/a;"), rate("471"), {"upstream-no-keepalive:2:warning"}},
        {passing("keepalive 8;", ""), rate("100"), {"upstream-pool-small:2:warning"}},
        {passing("keepalive 16;", ""), rate("100"), {}},
        {passing("keepalive 64; keepalive_requests 2;", ""), rate("300"), {"upstream-requests-churn:2:warning"}},
        {direct,
         rate("3000", {"--sysctl", "tcp_tw_reuse=1"}),
         {"time-wait-buckets:3:warning", "upstream-implicit:3:warning"}},
    });
}

TEST(UpstreamRules, FastCgiHasAFlagOfItsOwn) {
    const auto at = [](const std::string& pool, const std::string& place) {
        return "upstream php { server unix:/run/php.sock; " + pool + " }\nserver { listen 80;\nlocation / {\n" + place +
               "\nfastcgi_pass php;\n}\n}";
    };
    expect_all({
        {at("keepalive 8;", ""), {}, {"fastcgi-keep-conn:5:warning"}},
        {at("keepalive 8;", "fastcgi_keep_conn on;"), {}, {}},
        {at("", ""), {}, {}},
    });
}

}  // namespace

}  // namespace firstfin::test
