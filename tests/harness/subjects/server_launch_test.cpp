#include <gtest/gtest.h>

#include "core/parse_error.hpp"
#include "harness/subjects/registry.hpp"

// What each server is told, without starting it: what was chosen, and nothing else.

namespace firstfin::test {
namespace {

using namespace std::chrono_literals;

struct row {
    std::string_view name;
    std::string_view id;
    std::string_view setting;  ///< told; empty: none is
    void (*set)(server_policy&);
    std::string_view says;          ///< stands in its files or arguments
    std::string_view refuses = {};  ///< or: throws this
};

void PrintTo(const row& of, std::ostream* out) {
    *out << of.name;
}

constexpr auto limit_of_1500ms = [](server_policy& of) { of.keepalive_timeout = 1500ms; };
constexpr auto limit_of_65s = [](server_policy& of) { of.keepalive_timeout = 65s; };
constexpr auto no_limit = [](server_policy& of) { of.keepalive_timeout = time_limit::never(); };
constexpr auto zero = [](server_policy& of) { of.keepalive_timeout = 0s; };
constexpr auto three = [](server_policy& of) { of.keepalive_requests = {3}; };
constexpr auto unlimited = [](server_policy& of) { of.keepalive_requests = count_limit::unlimited(); };
constexpr std::string_view idle = "keepalive_timeout";
constexpr std::string_view requests = "keepalive_requests";

std::string whole_text(const subjects::launch& of) {
    std::string out;
    for (const auto& word : of.arguments)
        out += word + ' ';
    for (const auto& file : of.files)
        out += '\n' + file.name + ":\n" + file.text;
    return out;
}

subjects::server_request request() {
    subjects::server_request out;
    out.folder = "/mnt";
    out.port = 8080;
    return out;
}

class ServerLaunch : public ::testing::TestWithParam<row> {};

TEST_P(ServerLaunch, SaysWhatWasTold) {
    auto what = request();
    what.told = {std::string(GetParam().setting)};
    GetParam().set(what.policy);
    const auto& subject = subjects::find_server(GetParam().id);
    EXPECT_TRUE(subject.takes.contains(GetParam().setting));
    if (!GetParam().refuses.empty()) {
        try {
            (void)subject.prepare(what);
            FAIL() << "not refused";
        } catch (const bad_input& refused) {
            EXPECT_NE(std::string_view(refused.what()).find(GetParam().refuses), std::string_view::npos)
                << refused.what();
        }
        return;
    }
    const auto told = whole_text(subject.prepare(what));
    EXPECT_NE(told.find(GetParam().says), told.npos) << told;
    // The same policy untold: its own default stays.
    what.told.clear();
    const auto untold = whole_text(subject.prepare(what));
    EXPECT_EQ(untold.find(GetParam().says), untold.npos) << untold;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ServerLaunch,
    ::testing::Values(
        row{"nginx", "nginx", idle, limit_of_1500ms, "keepalive_timeout 1500ms;"},
        row{"nginx_zero", "nginx", idle, zero, "keepalive_timeout 0ms;"},
        row{"nginx_never", "nginx", idle, no_limit, "keepalive_timeout 24d;"},
        row{"nginx_hint", "nginx", "keepalive_hint", [](server_policy& of) { of.keepalive_hint = 7s; },
            "keepalive_timeout 75000ms 7s;"},
        row{"nginx_half_a_hint",
            "nginx",
            "keepalive_hint",
            [](server_policy& of) { of.keepalive_hint = 1500ms; },
            {},
            "nginx counts whole seconds: server.keepalive_hint = \"1.5s\" cannot be set"},
        row{"nginx_part_of_a_millisecond",
            "nginx",
            idle,
            [](server_policy& of) { of.keepalive_timeout = 1500us; },
            {},
            "nginx counts whole milliseconds: server.keepalive_timeout = \"1.5ms\""},
        row{"nginx_requests", "nginx", requests, three, "keepalive_requests 3;"},
        row{"nginx_unlimited", "nginx", requests, unlimited, {}, "nginx knows no server.keepalive_requests"},
        row{"nginx_time", "nginx", "keepalive_time", [](server_policy& of) { of.keepalive_time = 90s; },
            "keepalive_time 90000ms;"},
        row{"nginx_header", "nginx", "header_timeout", [](server_policy& of) { of.header_timeout = 9s; },
            "client_header_timeout 9000ms;"},
        row{"apache", "apache-httpd", idle, limit_of_1500ms, "KeepAliveTimeout 1500ms\n"},
        row{"apache_zero", "apache-httpd", idle, zero, "KeepAlive Off\n"},
        row{"apache_never", "apache-httpd", idle, no_limit, {}, "Apache httpd knows no server.keepalive_timeout"},
        row{"apache_requests", "apache-httpd", requests, three, "MaxKeepAliveRequests 3\n"},
        row{"apache_unlimited", "apache-httpd", requests, unlimited, "MaxKeepAliveRequests 0\n"},
        row{"lighttpd", "lighttpd", idle, limit_of_65s, "server.max-keep-alive-idle = 65\n"},
        row{"lighttpd_never", "lighttpd", idle, no_limit, {}, "lighttpd counts whole seconds"},
        row{"lighttpd_fraction", "lighttpd", idle, limit_of_1500ms, {}, "\"1.5s\" cannot be set"},
        row{"lighttpd_too_long",
            "lighttpd",
            idle,
            [](server_policy& of) { of.keepalive_timeout = 20h; },
            {},
            "lighttpd counts to 65535 s"},
        row{"lighttpd_requests", "lighttpd", requests, three, "server.max-keep-alive-requests = 3\n"},
        row{"lighttpd_too_many",
            "lighttpd",
            requests,
            [](server_policy& of) { of.keepalive_requests = {70'000}; },
            {},
            "lighttpd counts to 65535"},
        row{"haproxy", "haproxy", idle, limit_of_1500ms, "timeout client 24d\n    timeout http-keep-alive 1500ms\n"},
        row{"haproxy_zero", "haproxy", idle, zero, "option httpclose\n"},
        row{"caddy", "caddy", idle, limit_of_1500ms, "\"idle_timeout\": \"1500ms\""},
        row{"caddy_zero", "caddy", idle, zero, {}, "\"0s\" for its default"},
        row{"node", "node-http-server", idle, limit_of_1500ms, "--keep-alive-timeout=1500 "},
        row{"node_never", "node-http-server", idle, no_limit, "--keep-alive-timeout=0 "},
        row{"node_zero", "node-http-server", idle, zero, {}, "\"0s\" for \"never\""},
        row{"node_requests", "node-http-server", requests, three, "--max-requests=3 "},
        row{"aiohttp", "aiohttp-server", idle, limit_of_1500ms, "--keepalive-timeout 1.5 "},
        row{"gunicorn", "gunicorn", idle, limit_of_65s, "--keep-alive 65 "},
        row{"gunicorn_fraction", "gunicorn", idle, limit_of_1500ms, {}, "gunicorn counts whole seconds"},
        row{"uvicorn", "uvicorn", idle, limit_of_65s, "--timeout-keep-alive 65 "},
        row{"command", "command", idle, limit_of_65s, {}, "needs its command"}),
    [](const auto& of) { return std::string(of.param.name); });

TEST(ServerLaunches, HaproxyToldNeverIsHaproxyUntold) {
    auto what = request();
    const auto& subject = subjects::find_server("haproxy");
    const auto untold = whole_text(subject.prepare(what));
    what.told = {std::string(idle)};
    what.policy.keepalive_timeout = time_limit::never();
    EXPECT_EQ(whole_text(subject.prepare(what)), untold);
    EXPECT_EQ(untold.find("timeout"), untold.npos);
}

TEST(ServerLaunches, KeepsEverythingInItsFolder) {
    for (const auto& one : subjects::all_servers()) {
        if (one.id == "command") continue;
        const auto plan = one.prepare(request());
        EXPECT_NE(whole_text(plan).find("8080"), std::string::npos) << one.id;
        for (const auto& file : plan.files)
            EXPECT_EQ(file.name.find('/'), std::string::npos) << one.id << ' ' << file.name;
    }
}

}  // namespace
}  // namespace firstfin::test
