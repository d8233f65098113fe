#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/harness/validate/reading.hpp"

// What the upstream side's rules offer to write, and where: a fix must not take away what somebody else wrote.

namespace firstfin::test {

namespace {

using words = std::vector<std::string>;

const words before_pools{"--nginx-version", "1.28.0"};

/// "replace LINE DIRECTIVE" of the one finding of this rule, or why there is none.
std::string fix_of(const std::string& rule, const std::string& text, const words& options) {
    const auto made = validated_http(text, options);
    const auto& all = made.findings;
    const auto is_it = [&](const validate::finding& one) { return one.rule == rule; };
    const auto count = std::ranges::count_if(all, is_it);
    if (count != 1) return fmt::format("{} findings", count);
    const auto& fix = std::ranges::find_if(all, is_it)->safe_fix;
    if (!fix) return "no fix";
    return fmt::format("{} {} {}", fix->what == validate::change::kind::insert ? "insert" : "replace", fix->at.line,
                       fix->directive);
}

std::string advice_of(const std::string& rule, const std::string& text, const words& options) {
    const auto made = validated_http(text, options);
    const auto found = std::ranges::find(made.findings, rule, &validate::finding::rule);
    return found == made.findings.end() ? "not found" : found->text + " -> " + found->advice;
}

struct row {
    std::string rule;
    std::string text;  ///< inside of http, its first line is line 1
    words options;
    std::string fix;
};

void expect_all(const std::vector<row>& all) {
    for (const auto& one : all)
        EXPECT_EQ(fix_of(one.rule, one.text, one.options), one.fix) << one.text;
}

const std::string pool = "upstream app { server 10.0.0.1; keepalive 8; }\n";

TEST(UpstreamFixes, AClearedHeaderGoesWhereTheOthersStand) {
    const std::string cleared = "proxy_http_version 1.1; proxy_set_header Connection '';\n";
    const std::string own = "proxy_set_header Host a;";
    const std::string insert = "proxy_set_header Connection \"\"";
    expect_all({
        {"upstream-connection-lost",
         cleared + pool + "server { listen 80;\nlocation / {\n" + own + "\nproxy_pass http://app; } }", before_pools,
         "insert 4 " + insert},
        // A line in the location would take the server's Host from it.
        {"upstream-connection-lost",
         cleared + pool + "server { listen 80; " + own + "\nlocation / {\nproxy_pass http://app; } }", before_pools,
         "insert 3 " + insert},
        {"upstream-connection-lost",
         cleared + pool + "server { listen 80;\nlocation / { " + own + "\nlocation /a {\nproxy_pass http://app; } } }",
         before_pools, "insert 4 " + insert},
        // proxy_set_header is not allowed in `if`.
        {"upstream-connection-lost",
         cleared + pool + "server { listen 80;\nlocation / { " + own + "\nif ($arg_a) {\nproxy_pass http://app; } } }",
         before_pools, "insert 4 " + insert},
        {"upstream-connection-close",
         pool + "server { listen 80; proxy_http_version 1.1;\nlocation / {\nproxy_pass http://app; } }", before_pools,
         "insert 3 " + insert},
        {"upstream-connection-close",
         pool + "server { listen 80; proxy_http_version 1.1; " + own + "\nlocation / {\nproxy_pass http://app; } }",
         before_pools, "insert 2 " + insert},
        {"upstream-connection-close",
         own + pool + "server { listen 80; proxy_http_version 1.1;\nlocation / {\nproxy_pass http://app; } }",
         before_pools, "no fix"},
        {"upstream-connection-close",
         pool + "server { listen 80;\nproxy_set_header Connection close;\nlocation / { proxy_pass http://app; } }",
         {},
         "replace 3 " + insert},
    });
}

TEST(UpstreamFixes, TheMapAnswersNothing) {
    const auto with_map = [](const std::string& lines) {
        return "map $http_upgrade $up {\n" + lines + "\n}\n" + pool +
               "server { listen 80;\nproxy_http_version 1.1; proxy_set_header Connection $up;\n"
               "location / { proxy_pass http://app; } }";
    };
    const std::string rule = "upstream-connection-map";
    expect_all({
        {rule, with_map("default upgrade;\n'' close;"), before_pools, "replace 3 '' ''"},
        {rule, with_map("default close;\nwebsocket upgrade;"), before_pools, "insert 1 '' ''"},
        {rule, with_map("~^$ close;\ndefault '';"), before_pools, "insert 1 '' ''"},
        // The empty key counts before every pattern, wherever it stands.
        {rule, with_map("~* upgrade;\n'' close;"), before_pools, "replace 3 '' ''"},
        {rule, with_map("~* close;\n'' '';"), before_pools, "0 findings"},
        {rule, with_map("volatile;\ndefault upgrade;\n'' keep-alive;"), before_pools, "0 findings"},
        {rule, with_map("websocket close;"), before_pools, "0 findings"},
    });
}

TEST(UpstreamFixes, Http10) {
    const auto place = [](const std::string& lines) {
        return pool + "server { listen 80;\n" + lines + "\nlocation / { proxy_pass http://app; } }";
    };
    expect_all({
        {"upstream-http10", place("proxy_http_version 1.0;"), {}, "replace 3 proxy_http_version 1.1"},
        {"upstream-http10", place("proxy_set_header Connection '';"), before_pools, "insert 4 proxy_http_version 1.1"},
        {"upstream-http10", place(""), before_pools, "no fix"},
    });
    EXPECT_NE(advice_of("upstream-http10", place("proxy_http_version 1.0;"), {}).find("do not ask for keep-alive"),
              std::string::npos);
    EXPECT_NE(advice_of("upstream-http10", place(""), before_pools).find("with Connection: close"), std::string::npos);
}

TEST(UpstreamFixes, PoolsAndRetries) {
    const std::string grpc = "server { listen 80 http2;\nlocation / { grpc_pass grpc://app; } }";
    const std::string http = "server { listen 80;\nlocation / { proxy_pass http://app; } }";
    expect_all({
        {"upstream-no-keepalive", "upstream app { server 10.0.0.1; }\n" + http, before_pools, "no fix"},
        {"upstream-no-keepalive", "upstream app { server 10.0.0.1; }\n" + grpc, before_pools, "insert 1 keepalive 32"},
        // Before least_conn it would be undone.
        {"upstream-no-keepalive", "upstream app { least_conn; server 10.0.0.1; }\n" + grpc, before_pools, "no fix"},
        {"upstream-no-keepalive",
         "upstream app { server 10.0.0.1;\nkeepalive 0; }\n" + http,
         {},
         "replace 2 keepalive 32"},
        {"upstream-no-retry",
         pool + "proxy_next_upstream http_503 timeout;\n" + http,
         {},
         "replace 2 proxy_next_upstream error http_503 timeout"},
        {"upstream-no-retry", pool + "proxy_next_upstream off;\n" + http, {}, "replace 2 proxy_next_upstream error"},
        // grpc_next_upstream is another directive.
        {"upstream-no-retry", pool + "proxy_next_upstream off;\n" + grpc, {}, "0 findings"},
        {"upstream-post", pool + "proxy_next_upstream off;\n" + grpc, {}, "no fix"},
        {"fastcgi-keep-conn",
         pool + "server { listen 80;\nlocation / {\nif ($arg_a) {\nfastcgi_pass app; } } }",
         {},
         "insert 3 fastcgi_keep_conn on"},
    });
}

TEST(UpstreamFixes, BackendsLimits) {
    const auto with_pool = [](const std::string& limit) {
        return "upstream app { server 10.0.0.1;\n" + limit +
               "\n}\nserver { listen 80;\nlocation / { proxy_pass http://app; } }";
    };
    const auto closes = [](const std::string& policy) { return words{"--backend", policy}; };
    const std::string outlives = "upstream-outlives-backend";
    expect_all({
        {outlives, with_pool(""), closes("idle=30s"), "insert 1 keepalive_timeout 25s"},
        {outlives, with_pool("keepalive_timeout 30s;"), closes("idle=30s"), "replace 2 keepalive_timeout 25s"},
        {outlives, with_pool(""), closes("idle=6s"), "insert 1 keepalive_timeout 1s"},
        {outlives, with_pool(""), closes("idle=30500ms,window=30500ms..41s"), "insert 1 keepalive_timeout 20s"},
        {outlives, with_pool(""), closes("idle=5s"), "no fix"},
        {outlives, with_pool("keepalive_timeout 29s;"), closes("idle=30s"), "0 findings"},
        {outlives, with_pool(""), closes("idle=0s"), "0 findings"},
        {"upstream-near-backend", with_pool("keepalive_timeout 29s;"), closes("idle=30s"),
         "replace 2 keepalive_timeout 25s"},
        {"upstream-near-backend", with_pool("keepalive_timeout 0;"), closes("idle=2s"), "0 findings"},
    });
    // Too short for any pool: the backend has to move, and it is said to what.
    EXPECT_NE(advice_of(outlives, with_pool(""), closes("idle=5s")).find("to 65s or more"), std::string::npos);
}

TEST(UpstreamFixes, FiguresCanBeCopied) {
    const std::string direct = "server { listen 80;\nlocation / { proxy_pass http://10.0.0.1:81; } }";
    EXPECT_NE(advice_of("time-wait-buckets", direct, {"--rate", "3000"}).find("tcp_max_tw_buckets=180000 or more"),
              std::string::npos);
    // An application that is not asked to keep a connection closes it: its side holds TIME_WAIT.
    const auto php = [](const std::string& keep) {
        return "server { listen 80;\nlocation / { fastcgi_pass 10.0.0.1:9000; " + keep + " } }";
    };
    EXPECT_EQ(fix_of("upstream-ports", php(""), {"--rate", "1000"}), "0 findings");
    EXPECT_EQ(fix_of("upstream-ports", php("fastcgi_keep_conn on;"), {"--rate", "1000"}), "no fix");
}

}  // namespace

}  // namespace firstfin::test
