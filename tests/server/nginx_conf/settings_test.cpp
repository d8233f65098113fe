#include "server/nginx_conf/settings.hpp"

#include <gtest/gtest.h>

#include "server/nginx_conf/lookup.hpp"
#include "tests/server/nginx_conf/in_memory.hpp"

namespace firstfin::nginx_conf {
namespace {

using test::all_messages;
using test::read_text;

http_settings settings_of(const std::string& http, const nginx_version& version = newest_known) {
    const auto read = read_text("events {}\nhttp {\n" + http + "\n}\n", version);
    EXPECT_TRUE(read.is_valid()) << all_messages(read);
    return effective(read, version);
}

/// The values at `uri` of the first server.
location_values at(const http_settings& all, std::string_view uri) {
    return find_location(all.servers.front(), uri).location->values;
}

TEST(Settings, TheTwoValuesOfKeepaliveTimeoutMergeSeparately) {
    const auto all = settings_of(
        "server { keepalive_timeout 75 20; location /a { keepalive_timeout 30; } location /b { keepalive_timeout 30 0; "
        "} }");
    EXPECT_EQ(at(all, "/").keepalive_timeout.value.count(), 75'000);
    EXPECT_EQ(at(all, "/").keepalive_header.value.count(), 20);
    EXPECT_EQ(at(all, "/a").keepalive_timeout.value.count(), 30'000);
    EXPECT_EQ(at(all, "/a").keepalive_header.value.count(), 20);
    EXPECT_EQ(at(all, "/b").keepalive_header.value.count(), 0);
    EXPECT_EQ(at(all, "/a").keepalive_timeout.where, (position{0, 3, 49}));
    EXPECT_EQ(at(all, "/a").keepalive_header.where, (position{0, 3, 10}));
}

TEST(Settings, TheInnermostLevelWinsAndWhatIsWrittenLaterIsInheritedToo) {
    const auto all = settings_of(
        "keepalive_requests 1; server { location /a { location /a/b { keepalive_requests 4; } keepalive_requests 3; } "
        "keepalive_requests 2; }\n"
        "send_timeout 7s;");
    EXPECT_EQ(all.values.keepalive_requests.value, 1);
    EXPECT_EQ(at(all, "/").keepalive_requests.value, 2);
    EXPECT_EQ(at(all, "/a").keepalive_requests.value, 3);
    EXPECT_EQ(at(all, "/a/b").keepalive_requests.value, 4);
    EXPECT_EQ(at(all, "/a/b").send_timeout.value.count(), 7'000);
    EXPECT_EQ(origin_in_words(at(all, "/a/b").send_timeout.where, {"n.conf"}), "n.conf:4:1");
    EXPECT_EQ(origin_in_words(at(all, "/a/b").lingering_time.where, {"n.conf"}), "default");
}

TEST(Settings, ListsAreInheritedAsAWhole) {
    const auto all = settings_of(
        "add_header A 1; proxy_set_header X 1; error_page 404 /a; index i;\n"
        "server { location /own { add_header B 2; add_header C 3; proxy_set_header Y 2; error_page 500 502 =200 /b; "
        "index j k; }\n"
        "location /none { keepalive_timeout 0; } }");
    const auto own = at(all, "/own");
    ASSERT_EQ(own.add_headers.value.size(), 2U);
    EXPECT_EQ(own.add_headers.value[1].name, "C");
    ASSERT_EQ(own.proxy_set_headers.value.size(), 1U);
    EXPECT_EQ(own.proxy_set_headers.value[0].name, "Y");
    ASSERT_EQ(own.error_pages.value.size(), 1U);
    EXPECT_EQ(own.error_pages.value[0].codes, (std::vector<int>{500, 502}));
    EXPECT_EQ(own.error_pages.value[0].answer, 200);
    EXPECT_EQ(own.index.value, (std::vector<std::string>{"j", "k"}));
    const auto none = at(all, "/none");
    EXPECT_EQ(none.add_headers.value.at(0).name, "A");
    EXPECT_EQ(none.proxy_set_headers.value.at(0).name, "X");
    EXPECT_EQ(none.error_pages.value.at(0).uri, "/a");
    EXPECT_EQ(none.index.value, (std::vector<std::string>{"i"}));
}

TEST(Settings, WhatIsInNoneOfThemIsNamed) {
    const auto all = settings_of(
        "types_hash_max_size 512; log_format f escape=json '$uri'; log_format g '$uri'; map $uri $m { default x; }\n"
        "server { listen 80; server_name a; max_headers 7; set $x 1; location / { expires max; etag off; return 204; } "
        "location /in { rewrite ^ /; } }");
    std::string others;
    for (const auto& each : all.others)
        others += each.name + "(" + each.first + ") " + origin_in_words(each.where, {"n.conf"}) + "\n";
    EXPECT_EQ(others,
              "types_hash_max_size(512) n.conf:3:1\nset($x) n.conf:4:51\nexpires(max) n.conf:4:74\n"
              "rewrite(^) n.conf:4:126\n");
    EXPECT_EQ(all.log_details.at("f").escape, log_escape::json);
    EXPECT_EQ(all.log_details.at("g").escape, log_escape::standard);
    EXPECT_EQ(all.servers.front().max_headers.value, 7);
    EXPECT_EQ(settings_of("server { }").servers.front().max_headers.value, 1000);
    EXPECT_EQ(settings_of("server { }", {1, 22, 1}).servers.front().max_headers.value, 0);
    EXPECT_FALSE(at(all, "/").etag.value);
    EXPECT_TRUE(at(all, "/in").etag.value);
}

TEST(Settings, HeadersMayBeMergedOnRequest) {
    const auto all = settings_of(
        "add_header A 1; server { location /m { add_header B 2; add_header_inherit merge; } location /o { "
        "add_header_inherit off; } }");
    EXPECT_EQ(at(all, "/m").add_headers.value.size(), 2U);
    EXPECT_TRUE(at(all, "/o").add_headers.value.empty());
}

TEST(Settings, BitsAddUpAtOneLevel) {
    const auto all = settings_of(
        "server { keepalive_disable safari; keepalive_disable msie6; proxy_next_upstream error http_502; "
        "proxy_next_upstream non_idempotent;\n"
        "location /n { keepalive_disable none; proxy_next_upstream error off; } }");
    EXPECT_TRUE(at(all, "/").keepalive_disable.value.safari && at(all, "/").keepalive_disable.value.msie6);
    EXPECT_FALSE(at(all, "/n").keepalive_disable.value.msie6 || at(all, "/n").keepalive_disable.value.safari);
    EXPECT_EQ(at(all, "/").proxy_next_upstream.value, (std::set<std::string>{"error", "http_502", "non_idempotent"}));
    EXPECT_EQ(at(all, "/n").proxy_next_upstream.value, (std::set<std::string>{"off"}));
    EXPECT_TRUE(settings_of("server {}").values.keepalive_disable.value.msie6);
}

TEST(Settings, DefaultsFollowTheVersion) {
    const std::string text = "upstream a { server 127.0.0.1; } server {}";
    const auto old = settings_of(text, {1, 18, 0});
    EXPECT_EQ(old.values.keepalive_requests.value, 100);
    EXPECT_TRUE(old.values.keepalive_time.value.is_never());
    EXPECT_EQ(old.upstreams.at(0).keepalive_requests.value, 100);
    const auto debian = settings_of(text, {1, 22, 1});
    EXPECT_EQ(debian.values.keepalive_requests.value, 1000);
    EXPECT_EQ(debian.values.keepalive_time.value, time_limit(std::chrono::hours(1)));
    EXPECT_EQ(debian.values.proxy_http_version.value, "1.0");
    EXPECT_EQ(debian.upstreams.at(0).keepalive.value, 0);
    EXPECT_EQ(connection_to_upstream(debian.values, debian.version), "close");
    const auto young = settings_of(text, {1, 29, 7});
    EXPECT_EQ(young.values.proxy_http_version.value, "1.1");
    EXPECT_EQ(young.upstreams.at(0).keepalive.value, 32);
    EXPECT_TRUE(young.upstreams.at(0).keepalive_local);
    EXPECT_EQ(connection_to_upstream(young.values, young.version), std::nullopt);
}

TEST(Settings, TheConnectionLineToAnUpstream) {
    const auto all = settings_of(
        "server { proxy_set_header connection \"\"; location /a { proxy_set_header X y; } location /b { "
        "proxy_set_header Connection $c; } }",
        {1, 22, 1});
    EXPECT_EQ(connection_to_upstream(at(all, "/"), all.version), std::nullopt);
    EXPECT_EQ(connection_to_upstream(at(all, "/a"), all.version), "close");
    EXPECT_EQ(connection_to_upstream(at(all, "/b"), all.version), "$c");
}

TEST(Settings, ABalancingMethodAfterKeepaliveUndoesItBefore1297) {
    const std::string text =
        "upstream a { server 127.0.0.1; keepalive 5; least_conn; } upstream b { least_conn; server 127.0.0.1; "
        "keepalive 5; } server {}";
    const auto old = settings_of(text, {1, 22, 1});
    EXPECT_EQ(old.upstreams.at(0).keepalive.value, 0);
    EXPECT_TRUE(old.upstreams.at(0).keepalive_lost);
    EXPECT_EQ(old.upstreams.at(1).keepalive.value, 5);
    EXPECT_EQ(settings_of(text).upstreams.at(0).keepalive.value, 5);
}

TEST(Settings, ListenOptionsComeFromTheOneThatSetsThem) {
    const auto all = settings_of(
        "server { listen 8080; server_name a; }\n"
        "server { listen 8080 default_server backlog=99 so_keepalive=30s::3; server_name b; }\n"
        "server { listen 8080; listen [::]:8080; listen 9000-9001; server_name c; }\n"
        "server { }");
    ASSERT_EQ(all.listens.size(), 5U);
    const auto& first = all.listens[0];
    EXPECT_EQ(first.text, "0.0.0.0:8080");
    EXPECT_EQ(first.servers, (std::vector<std::size_t>{0, 1, 2}));
    EXPECT_EQ(first.default_server, 1U);
    EXPECT_EQ(first.options.backlog, 99);
    EXPECT_EQ(first.options.so_keepalive->idle.count(), 30);
    EXPECT_EQ(first.options.so_keepalive->count, 3);
    EXPECT_EQ(first.where.line, 4U);
    EXPECT_EQ(all.listens[1].text, "[::]:8080");
    EXPECT_EQ(all.listens[3].text, "0.0.0.0:9001");
    EXPECT_EQ(all.listens[4].text, "0.0.0.0:80");
    EXPECT_FALSE(all.listens[4].where.is_known());
}

TEST(Settings, WhatOneLevelHasForItself) {
    const auto all = settings_of(
        "upstream u { server 127.0.0.1; }\n"
        "server { location /p/ { proxy_pass http://u/x; if ($args) { add_header A b; } location /p/q { } }\n"
        "  location /r { return 204; try_files a =404; types { a/b c; } } access_log off; }");
    const auto& server = all.servers.at(0);
    const auto& pass = *find_location(server, "/p/").location;
    EXPECT_EQ(pass.pass->value.where.host, "u");
    EXPECT_EQ(pass.pass->value.where.uri, "/x");
    ASSERT_EQ(pass.ifs.size(), 1U);
    EXPECT_EQ(pass.ifs[0].when.variable, "args");
    EXPECT_EQ(pass.ifs[0].inside.values.add_headers.value.at(0).value, "b");
    EXPECT_EQ(pass.ifs[0].inside.pass->value.where.host, "u");
    EXPECT_TRUE(pass.values.add_headers.value.empty());
    EXPECT_FALSE(find_location(server, "/p/q").location->pass);
    const auto& other = *find_location(server, "/r").location;
    EXPECT_EQ(other.returns->code, 204);
    EXPECT_EQ(other.try_files->value.back(), "=404");
    EXPECT_EQ(other.values.types.value->at("c"), "a/b");
    EXPECT_FALSE(other.values.types.value->contains("html"));
    EXPECT_TRUE(other.values.access_logs.value.empty());
    EXPECT_FALSE(other.values.access_logs.is_default());
}

TEST(Settings, CoreSettings) {
    const auto read =
        read_text("worker_processes auto; worker_shutdown_timeout 5s; daemon off; events { worker_connections 20; }");
    const auto core = effective(read).core;
    EXPECT_FALSE(core.worker_processes.value);
    EXPECT_EQ(core.worker_shutdown_timeout.value, time_limit(std::chrono::seconds(5)));
    EXPECT_FALSE(core.daemon.value);
    EXPECT_EQ(core.worker_connections.value, 20);
    EXPECT_TRUE(core.master_process.is_default());
    EXPECT_EQ(effective(read_text("events {}")).core.worker_connections.value, 512);
}

TEST(Settings, WrongDirectivesAreLeftOut) {
    const auto read = read_text(
        "events {} http { keepalive_timeout; send_timeout x; server { keepalive_requests 1 2; location { } listen; "
        "location /a { add_header a; error_page a; } } }");
    EXPECT_FALSE(read.is_valid());
    const auto all = effective(read);
    EXPECT_EQ(at(all, "/a").keepalive_timeout.value.count(), 75'000);
    EXPECT_EQ(at(all, "/a").keepalive_requests.value, 1000);
    EXPECT_EQ(all.listens.at(0).text, "0.0.0.0:80");
}

}  // namespace
}  // namespace firstfin::nginx_conf
