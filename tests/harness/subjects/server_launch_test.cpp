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
    ::testing::Values(row{"nginx", "nginx", idle, limit_of_1500ms, "keepalive_timeout 1500ms;"},
                      row{"nginx_zero", "nginx", idle, zero, "keepalive_timeout 0ms;"},
                      row{"nginx_never", "nginx", idle, no_limit, "keepalive_timeout 2073600000ms;"},
                      row{"nginx_hint", "nginx", "keepalive_hint", [](server_policy& of) { of.keepalive_hint = 7s; },
                          "keepalive_timeout 75000ms 7s;"},
                      row{"nginx_half_a_hint",
                          "nginx",
                          "keepalive_hint",
                          [](server_policy& of) { of.keepalive_hint = 1500ms; },
                          {},
                          "nginx cannot be told 1.5s: it takes whole seconds"},
                      row{"nginx_requests", "nginx", requests, three, "keepalive_requests 3;"},
                      row{"nginx_unlimited", "nginx", requests, unlimited, "keepalive_requests 1000000000;"},
                      row{"nginx_time", "nginx", "keepalive_time", [](server_policy& of) { of.keepalive_time = 90s; },
                          "keepalive_time 90000ms;"},
                      row{"nginx_header", "nginx", "header_timeout", [](server_policy& of) { of.header_timeout = 9s; },
                          "client_header_timeout 9000ms;"},
                      row{"nginx_lingering_time", "nginx", "lingering_time",
                          [](server_policy& of) { of.lingering_time = 9s; }, "lingering_time 9000ms;"},
                      row{"nginx_lingering_timeout", "nginx", "lingering_timeout",
                          [](server_policy& of) { of.lingering_timeout = 9s; }, "lingering_timeout 9000ms;"},
                      row{"apache", "apache-httpd", idle, limit_of_1500ms, "KeepAliveTimeout 1500ms\n"},
                      row{"apache_requests", "apache-httpd", requests, three, "MaxKeepAliveRequests 3\n"},
                      row{"apache_unlimited", "apache-httpd", requests, unlimited, "MaxKeepAliveRequests 0\n"},
                      row{"lighttpd", "lighttpd", idle, limit_of_65s, "server.max-keep-alive-idle = 65\n"},
                      row{"lighttpd_never", "lighttpd", idle, no_limit, "server.max-keep-alive-idle = 65535\n"},
                      row{"lighttpd_fraction", "lighttpd", idle, limit_of_1500ms, {}, "lighttpd cannot be told 1.5s"},
                      row{"lighttpd_too_long",
                          "lighttpd",
                          idle,
                          [](server_policy& of) { of.keepalive_timeout = 20h; },
                          {},
                          "at most 65535s"},
                      row{"lighttpd_requests", "lighttpd", requests, three, "server.max-keep-alive-requests = 3\n"},
                      row{"haproxy", "haproxy", idle, limit_of_1500ms, "timeout http-keep-alive 1500ms\n"},
                      row{"haproxy_zero", "haproxy", idle, zero, {}, "it takes 0 for no limit"},
                      row{"caddy", "caddy", idle, limit_of_1500ms, "idle 1500ms\n"},
                      row{"caddy_zero", "caddy", idle, zero, {}, "it takes 0 for its default"},
                      row{"node", "node-http-server", idle, limit_of_1500ms, "server.keepAliveTimeout = 1500;"},
                      row{"node_never", "node-http-server", idle, no_limit, "server.keepAliveTimeout = 0;"},
                      row{"node_zero", "node-http-server", idle, zero, {}, "it takes 0 for \"never\""},
                      row{"node_requests", "node-http-server", requests, three, "server.maxRequestsPerSocket = 3;"},
                      row{"aiohttp", "aiohttp-server", idle, limit_of_1500ms, ", keepalive_timeout=1.5)"},
                      row{"gunicorn", "gunicorn", idle, limit_of_65s, "--keep-alive 65 "},
                      row{"gunicorn_fraction", "gunicorn", idle, limit_of_1500ms, {}, "gunicorn cannot be told 1.5s"},
                      row{"uvicorn", "uvicorn", idle, limit_of_65s, "--timeout-keep-alive 65 "}),
    [](const auto& of) { return std::string(of.param.name); });

TEST(ServerLaunch, KeepsEverythingInItsFolder) {
    for (const auto& one : subjects::all_servers()) {
        if (one.id == "command") continue;
        const auto plan = one.prepare(request());
        EXPECT_NE(whole_text(plan).find("8080"), std::string::npos) << one.id;
        for (const auto& file : plan.files)
            EXPECT_EQ(file.name.find('/'), std::string::npos) << one.id << ' ' << file.name;
    }
}

struct command_row {
    std::string_view name;
    std::string command;
    std::string configuration;
    bool told;
    time_limit limit;
    std::string says;  ///< arguments, each ended by '|', and the file; or a part of the error
};

void PrintTo(const command_row& of, std::ostream* out) {
    *out << of.name;
}

class CommandLaunch : public ::testing::TestWithParam<command_row> {};

TEST_P(CommandLaunch, FillsInWhatItKnows) {
    auto what = request();
    what.options = {{"command", GetParam().command}, {"template", GetParam().configuration}};
    if (GetParam().told) what.told = {"keepalive_timeout"};
    what.policy.keepalive_timeout = GetParam().limit;
    std::string said;
    try {
        const auto plan = subjects::find_server("command").prepare(what);
        EXPECT_TRUE(plan.program.ends_with("/sh")) << plan.program;
        for (const auto& word : plan.arguments)
            said += word + '|';
        for (const auto& file : plan.files)
            said += file.name + '=' + file.text;
        EXPECT_EQ(said, GetParam().says);
    } catch (const std::runtime_error& refused) {
        EXPECT_NE(std::string(refused.what()).find(GetParam().says), std::string::npos) << refused.what();
    }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, CommandLaunch,
    ::testing::Values(
        command_row{"words", "sh -c 'a b' \"c d\" e\\\\f --x='1 2'", "", false, 65s, "-c|a b|c d|e\\f|--x=1 2|"},
        command_row{"places", "sh {port} --at={folder} {config}", "", false, 65s, "8080|--at=/mnt|/mnt/config|"},
        command_row{"limit", "sh {keepalive_timeout} {keepalive_timeout_s}", "", true, 1500ms, "1.5s|1.5|"},
        command_row{"template_keeps_its_braces", "sh", "http { {port}; {other} {keepalive_timeout}; }", true, 65s,
                    "config=http { 8080; {other} 65s; }"},
        command_row{"never", "sh {keepalive_timeout}", "", true, time_limit::never(), "never|"},
        command_row{"never_in_seconds", "sh {keepalive_timeout_s}", "", true, time_limit::never(),
                    "cannot say \"never\""},
        command_row{"told_in_vain", "sh", "", true, 65s, "the program would not know it"},
        command_row{"asks_untold", "sh {keepalive_timeout}", "", false, 65s, "set server.keepalive_timeout"},
        command_row{"empty", "", "", false, 65s, "needs server.command"},
        command_row{"unknown_escape", "sh \\d", "", false, 65s, "a backslash is written twice"},
        command_row{"no_such_program", "no-such-program-here", "", false, 65s, "there is no program"}),
    [](const auto& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace firstfin::test
