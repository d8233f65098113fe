#include <gtest/gtest.h>

#include <algorithm>

#include "harness/subjects/registry.hpp"
#include "harness/subjects/scripts.hpp"

// What each client program is started with, without starting it.

namespace firstfin::subjects {
namespace {

using namespace std::chrono_literals;

client_request plain() {
    client_request out;
    out.folder = "/mnt";
    out.host = "10.0.0.1";
    out.port = 8080;
    return out;
}

client_request telling(time_limit idle_timeout) {
    auto out = plain();
    out.policy.idle_timeout = idle_timeout;
    out.told = {"idle_timeout"};
    return out;
}

client_request playing(const scenario& what) {
    auto out = plain();
    out.what = what;
    return out;
}

scenario doing(scenario_kind kind, std::uint32_t requests = 1, duration gap = {}) {
    scenario out;
    out.kind = kind;
    out.requests = requests;
    out.gap = gap;
    return out;
}

scenario jittery() {
    scenario out;
    out.jitter = 1s;
    return out;
}

scenario posting() {
    scenario out;
    out.method = "POST";
    return out;
}

client_request of_age(duration age) {
    auto out = plain();
    out.age = age;
    return out;
}

client_request preferring(const std::string& name, const std::string& value) {
    auto out = plain();
    out.preferences = {{name, value}};
    return out;
}

client_request at(const char* host, const char* path = "/") {
    auto out = plain();
    out.host = host;
    out.what.path = path;
    return out;
}

client_request commanding(const std::string& line) {
    auto out = telling(90s);
    out.options = {{"command", line}};
    return out;
}

/// Arguments, one a line, and files behind them.
std::string everything(const launch& of) {
    std::string out = of.program + "\n";
    for (const auto& each : of.arguments)
        out += each + "\n";
    for (const auto& file : of.files)
        out += file.text;
    return out;
}

struct launch_row {
    const char* name;
    const char* id;
    client_request asked;
    std::vector<std::string> has;
    std::vector<std::string> lacks = {};
};

class ClientLaunch : public ::testing::TestWithParam<launch_row> {};

TEST_P(ClientLaunch, SaysWhatWasAskedAndNoMore) {
    const auto& row = GetParam();
    const auto text = everything(find_client(row.id).prepare(row.asked));
    for (const auto& part : row.has)
        EXPECT_NE(text.find(part), std::string::npos) << part << "\nin\n" << text;
    for (const auto& part : row.lacks)
        EXPECT_EQ(text.find(part), std::string::npos) << part << "\nin\n" << text;
}

const scenario close_after_two = doing(scenario_kind::connection_close, 2);
const scenario close_after_one = doing(scenario_kind::connection_close);
const scenario every_1500ms = doing(scenario_kind::cadence, 7, 1500ms);
const scenario every_20s = doing(scenario_kind::cadence, 7, 20s);
const scenario every_7s = doing(scenario_kind::cadence, 7, 7s);

const std::string keep_alive_pref = "user_pref(\"network.http.keep-alive.timeout\"";

INSTANTIATE_TEST_SUITE_P(
    Rows, ClientLaunch,
    ::testing::Values(
        launch_row{"script_alone",
                   "python-requests",
                   plain(),
                   {"/mnt/python_requests.py\n--requests=1\n--gap=0\n--method=GET\nhttp://10.0.0.1:8080/\n"},
                   {"--last-says-close\n", "--idle-timeout="}},
        launch_row{"script_told", "undici", telling(2500ms), {"--idle-timeout=2.5\n"}},
        launch_row{"script_told_in_ms", "go-net-http", telling(1ms), {"/mnt/go_net_http\n", "--idle-timeout=0.001\n"}},
        launch_row{"script_told_never", "httpx", telling(time_limit::never()), {"--idle-timeout=never\n"}},
        launch_row{"policy_that_was_not_told", "aiohttp-client", plain(), {}, {"--idle-timeout="}},
        launch_row{
            "script_closing", "node-http-agent", playing(close_after_two), {"--requests=2\n", "--last-says-close\n"}},
        launch_row{"script_cadence", "aiohttp-client", playing(every_1500ms), {"--requests=7\n--gap=1.5\n"}},
        launch_row{"ipv6", "httpx", at("fd00::1", "/x?y"), {"http://[fd00::1]:8080/x?y\n"}},
        launch_row{"curl_idle",
                   "curl",
                   plain(),
                   {"--rate\n1/h\n", "http://10.0.0.1:8080/#[1-2]\n"},
                   {"Connection:", "--request\n"}},
        launch_row{"curl_closing", "curl", playing(close_after_one), {"--header\nConnection: close\n"}},
        launch_row{"curl_cadence", "curl", playing(every_20s), {"--rate\n3/m\n", "/#[1-7]\n"}},
        launch_row{"curl_odd_cadence", "curl", playing(every_7s), {"--rate\n12343/d\n"}, {}},
        launch_row{"curl_no_range_in_path", "curl", at("10.0.0.1", "/a[1-3]{b}"), {R"(/a\[1-3\]\{b\}#[1-2])"}},
        launch_row{"wrk",
                   "wrk",
                   playing(every_1500ms),
                   {"24h\n", "/mnt/wrk.lua\nhttp://10.0.0.1:8080/\n--\n7\n1500\nGET\nkeep\n"}},
        launch_row{"firefox_alone",
                   "firefox",
                   plain(),
                   {"--profile\n/mnt\nhttp://10.0.0.1:8080/\n"},
                   {keep_alive_pref, "file://"}},
        launch_row{"firefox_told", "firefox", telling(5s), {keep_alive_pref + ", 5);\n"}},
        launch_row{"firefox_older",
                   "firefox",
                   of_age(2500ms),
                   {"file:///mnt/start_page.html#2500%20http://10.0.0.1:8080/\n", "location.replace"}},
        launch_row{"firefox_number",
                   "firefox",
                   preferring("timer.maximum_firing_delay_tolerance_ms", "0"),
                   {"user_pref(\"timer.maximum_firing_delay_tolerance_ms\", 0);\n"}},
        launch_row{"firefox_text", "firefox", preferring("a.b", "\"c d\""), {"user_pref(\"a.b\", \"c d\");\n"}},
        launch_row{"chromium_young",
                   "chromium",
                   plain(),
                   {"--user-data-dir=/mnt\n", "EXCLUDE 10.0.0.1\n", "start_page.html#1000%20http://10.0.0.1:8080/\n"}},
        launch_row{"chromium_older", "chromium", of_age(30s), {"start_page.html#30000%20http"}},
        launch_row{"command",
                   "command",
                   commanding("sh -c 'x {url} {host} {port}' {folder} {idle_timeout} {idle_timeout_s} {requests}"),
                   {"/sh\n-c\nx http://10.0.0.1:8080/ 10.0.0.1 8080\n/mnt\n90s\n90\n1\n"}}),
    [](const auto& one) { return std::string(one.param.name); });

struct refusal_row {
    const char* name;
    const char* id;
    client_request asked;
    const char* message;
};

class ClientRefusal : public ::testing::TestWithParam<refusal_row> {};

TEST_P(ClientRefusal, SaysWhatItCannotDo) {
    const auto& row = GetParam();
    try {
        (void)find_client(row.id).prepare(row.asked);
        FAIL() << "nothing was refused";
    } catch (const bad_input& refused) {
        EXPECT_STREQ(refused.what(), row.message);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ClientRefusal,
    ::testing::Values(
        refusal_row{"silent", "httpx", playing(doing(scenario_kind::idle, 0)),
                    "httpx cannot connect and stay silent: set scenario.requests to 1 or more"},
        refusal_row{"jitter", "wrk", playing(jittery()),
                    "wrk has no scenario.jitter: only the built-in client draws its gaps"},
        refusal_row{"never", "undici", telling(time_limit::never()),
                    "undici cannot be told client.idle_timeout = \"never\": say how long"},
        refusal_row{
            "curl_sequence", "curl", playing(doing(scenario_kind::idle, 3)),
            "curl keeps its connection after one request alone: set scenario.requests to 1, or ask for a cadence"},
        refusal_row{"curl_no_gap", "curl", playing(doing(scenario_kind::cadence, 3)),
                    "curl has no --rate for a request every 0s; 1s, 20s or 5m would do"},
        refusal_row{"curl_gap_of_days", "curl", playing(doing(scenario_kind::cadence, 3, 50h)),
                    "curl has no --rate for a request every 180000s; 1s, 20s or 5m would do"},
        refusal_row{"firefox_twice", "firefox", playing(doing(scenario_kind::idle, 2)),
                    "Firefox makes one request here: set scenario.requests to 1 (it is 2)"},
        refusal_row{"firefox_post", "firefox", playing(posting()), "Firefox asks with GET alone here, not with POST"},
        refusal_row{"firefox_half_seconds", "firefox", telling(1500ms),
                    "Firefox counts whole seconds: client.idle_timeout = \"1.5s\" is none"},
        refusal_row{
            "firefox_value", "firefox", preferring("a", "1); user_pref(\"b\", 2"),
            "preference a: '1); user_pref(\"b\", 2' is not true, false, a whole number or a text in double quotes"},
        refusal_row{"firefox_name", "firefox", preferring("a\"", "1"), "'a\"' is not the name of a preference"},
        refusal_row{"no_command", "command", plain(),
                    "the client program 'command' needs its command, such as command = \"curl {url}\""},
        refusal_row{"no_such_command", "command", commanding("no-such-program {url}"),
                    "the client's command starts with 'no-such-program', which is not a program in PATH"},
        refusal_row{"no_such_file", "command", commanding("./nothing/here {url}"),
                    "the client's command starts with './nothing/here', which is not a program that can be executed"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(ClientSubjects, AreDescribedInFull) {
    for (const auto& each : all_clients()) {
        SCOPED_TRACE(each.id);
        EXPECT_FALSE(each.id.empty());
        EXPECT_FALSE(each.name.empty());
        EXPECT_TRUE(each.plays.contains(scenario_kind::idle));
        EXPECT_EQ(std::ranges::count(all_clients(), each.id, &client_subject::id), 1);
        if (each.id == "command") continue;
        EXPECT_FALSE(each.profile.empty());
        EXPECT_FALSE(each.comes_from.programs.empty());
        EXPECT_FALSE(each.comes_from.packages.empty());
        EXPECT_FALSE(each.comes_from.version_arguments.empty());
    }
}

TEST(Scripts, AreTheFilesOfTheirNames) {
    EXPECT_TRUE(script("clients/scripts/wrk.lua").starts_with("-- wrk as a quiet client"));
    EXPECT_TRUE(script("clients/scripts/go_net_http.go").ends_with("}\n"));
    EXPECT_THROW((void)script("clients/scripts/nothing"), std::logic_error);
}

}  // namespace
}  // namespace firstfin::subjects
