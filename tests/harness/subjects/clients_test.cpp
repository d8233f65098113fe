#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "harness/subjects/registry.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/harness/subjects/running_client.hpp"
#include "tests/harness/subjects/watching_server.hpp"

// Every client program, the real one, against a server that never closes.

namespace firstfin::testing {
namespace {

using namespace std::chrono_literals;
using subjects::client_request;
using subjects::client_subject;

class client_programs : public needs_namespaces {
protected:
    /// Skips the test, or fails it where nothing may be skipped.
    const client_subject* program(std::string_view id) {
        const auto& subject = subjects::find_client(id);
        const auto lacks = missing(subject);
        if (!lacks) return &subject;
        [&] {
            if (std::getenv("FIRSTFIN_NOTHING_SKIPPED")) FAIL() << *lacks;
            GTEST_SKIP() << *lacks;
        }();
        return nullptr;
    }

    client_request request() const {
        client_request out;
        out.host = "127.0.0.1";
        out.port = server_.port();
        return out;
    }

    /// The client's first connection that carried `count` requests.
    const watching_server::connection* asked(std::size_t count, duration patience) {
        const watching_server::connection* found = nullptr;
        server_.serve_until(
            [&] {
                const auto used = server_.used();
                const auto it = std::ranges::find_if(used, [&](auto* each) { return each->requests.size() >= count; });
                found = it == used.end() ? nullptr : *it;
                return found != nullptr;
            },
            patience);
        return found;
    }

    sandbox::network_namespace network_ = sandbox::network_namespace::create();
    watching_server server_{network_};
};

bool says_close(const watching_server::request& request) {
    auto text = request.text;
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text.find("\r\nconnection: close\r\n") != std::string::npos;
}

template <class Row>
std::string name_of(const ::testing::TestParamInfo<Row>& one) {
    std::string out = one.param.id;
    std::ranges::replace(out, '-', '_');
    return out;
}

struct quiet_row {
    const char* id;
};

class QuietClient : public client_programs, public ::testing::WithParamInterface<quiet_row> {};

TEST_P(QuietClient, AsksOnceAndKeepsTheConnection) {
    const auto* subject = program(GetParam().id);
    if (subject == nullptr) return;
    running_client client(*subject, request(), network_);
    ASSERT_NE(asked(1, subject->patience), nullptr);
    server_.serve_for(1s);
    ASSERT_EQ(server_.used().size(), 1);
    const auto& only = *server_.used().front();
    EXPECT_EQ(only.requests.size(), 1);
    EXPECT_TRUE(only.requests.front().text.starts_with("GET / HTTP/1.1\r\n")) << only.requests.front().text;
    EXPECT_FALSE(says_close(only.requests.front()));
    EXPECT_FALSE(only.ended);
    EXPECT_TRUE(client.is_running());
}

constexpr quiet_row quiet_rows[] = {
    {"aiohttp-client"},  {"chromium"},        {"curl"},   {"firefox"}, {"go-net-http"}, {"httpx"},
    {"node-http-agent"}, {"python-requests"}, {"undici"}, {"wrk"}};
INSTANTIATE_TEST_SUITE_P(Each, QuietClient, ::testing::ValuesIn(quiet_rows), name_of<quiet_row>);

struct timer_row {
    const char* id;
    duration limit;
    duration latest;  ///< what its timer is known to add
};

class TimerClient : public client_programs, public ::testing::WithParamInterface<timer_row> {};

TEST_P(TimerClient, ClosesAfterWhatItWasTold) {
    const auto& row = GetParam();
    const auto* subject = program(row.id);
    if (subject == nullptr) return;
    auto what = request();
    what.policy.idle_timeout = row.limit;
    what.told = {"idle_timeout"};
    running_client client(*subject, what, network_);
    const auto* only = asked(1, subject->patience);
    ASSERT_NE(only, nullptr);
    ASSERT_TRUE(server_.serve_until([&] { return server_.used().front()->ended.has_value(); }, row.latest + 5s));
    const auto idle = *server_.used().front()->ended - server_.used().front()->requests.front().at;
    EXPECT_GT(idle, row.limit - 50ms);
    EXPECT_LT(idle, row.latest + 2s);  // this machine may be busy; none has a default as short as that
    EXPECT_TRUE(client.is_running());
}

constexpr timer_row timer_rows[] = {{"aiohttp-client", 1s, 2s},
                                    {"firefox", 2s, 4s},
                                    {"go-net-http", 1s, 1s},
                                    {"node-http-agent", 1s, 1s},
                                    {"undici", 1s, 1500ms}};
INSTANTIATE_TEST_SUITE_P(Each, TimerClient, ::testing::ValuesIn(timer_rows), name_of<timer_row>);

struct untouched_row {
    const char* id;
};

class LazyClient : public client_programs, public ::testing::WithParamInterface<untouched_row> {};

TEST_P(LazyClient, KeepsWhatItWasToldToForgetUntilItIsUsed) {
    const auto* subject = program(GetParam().id);
    if (subject == nullptr) return;
    auto what = request();
    what.policy.idle_timeout = time_limit(300ms);
    what.told = {"idle_timeout"};
    what.what.kind = scenario_kind::cadence;
    what.what.requests = 2;
    what.what.gap = 1500ms;
    running_client client(*subject, what, network_);
    ASSERT_TRUE(server_.serve_until([&] { return server_.used().size() == 2; }, subject->patience));
    ASSERT_TRUE(server_.serve_until([&] { return server_.used().front()->ended.has_value(); }, 5s));
    const auto& first = *server_.used().front();
    EXPECT_GT(*first.ended - first.requests.front().at, 1400ms);
}
INSTANTIATE_TEST_SUITE_P(Each, LazyClient, ::testing::Values(untouched_row{"httpx"}), name_of<untouched_row>);

struct requests_row {
    const char* id;
};

class SequenceClient : public client_programs, public ::testing::WithParamInterface<requests_row> {};

TEST_P(SequenceClient, AsksAtItsCadenceOnOneConnection) {
    const auto* subject = program(GetParam().id);
    if (subject == nullptr) return;
    auto what = request();
    what.what.kind = scenario_kind::cadence;
    what.what.requests = 3;
    what.what.gap = 500ms;
    what.what.path = "/a?b=1";
    running_client client(*subject, what, network_);
    const auto* only = asked(3, subject->patience);
    ASSERT_NE(only, nullptr);
    EXPECT_EQ(server_.used().size(), 1);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_TRUE(only->requests[i].text.starts_with("GET /a?b=1 HTTP/1.1\r\n")) << only->requests[i].text;
        EXPECT_FALSE(says_close(only->requests[i]));
        if (i > 0) {
            EXPECT_GT(only->requests[i].at - only->requests[i - 1].at, 400ms);
        }
    }
    server_.serve_for(800ms);
    EXPECT_EQ(server_.used().front()->requests.size(), 3);
}

constexpr requests_row sequence_rows[] = {
    {"aiohttp-client"},  {"curl"},   {"go-net-http"}, {"httpx"}, {"node-http-agent"},
    {"python-requests"}, {"undici"}, {"wrk"}};
INSTANTIATE_TEST_SUITE_P(Each, SequenceClient, ::testing::ValuesIn(sequence_rows), name_of<requests_row>);

class ClosingClient : public client_programs, public ::testing::WithParamInterface<requests_row> {};

TEST_P(ClosingClient, SaysSoInItsLastRequestAlone) {
    const auto* subject = program(GetParam().id);
    if (subject == nullptr) return;
    auto what = request();
    what.what.kind = scenario_kind::connection_close;
    what.what.requests = subject->id == "curl" ? 1 : 2;
    running_client client(*subject, what, network_);
    const auto* only = asked(what.what.requests, subject->patience);
    ASSERT_NE(only, nullptr);
    EXPECT_TRUE(says_close(only->requests.back())) << only->requests.back().text;
    if (what.what.requests == 2) {
        EXPECT_FALSE(says_close(only->requests.front()));
    }
}
INSTANTIATE_TEST_SUITE_P(Each, ClosingClient, ::testing::ValuesIn(sequence_rows), name_of<requests_row>);

struct browser_row {
    const char* id;
};

/// How often something in the namespace was refused for want of a route: whatever is meant for another machine is.
int attempts_elsewhere(const sandbox::network_namespace& network) {
    const sandbox::netns_scope inside(network);
    std::ifstream v4("/proc/thread-self/net/snmp");
    std::string names, values;
    while (std::getline(v4, names) && std::getline(v4, values))
        if (names.starts_with("Ip:")) break;
    std::istringstream name_words(names), value_words(values);
    for (std::string name, value; name_words >> name && value_words >> value;)
        if (name == "OutNoRoutes") return std::stoi(value);
    return -1;
}

std::vector<std::string> processes_with(const std::string& word) {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream file(entry.path() / "cmdline");
        const std::string line{std::istreambuf_iterator<char>(file), {}};
        if (line.find(word) != std::string::npos) out.push_back(line);
    }
    return out;
}

class Browser : public client_programs, public ::testing::WithParamInterface<browser_row> {};

TEST_P(Browser, AsksAtItsAge) {
    const auto* subject = program(GetParam().id);
    if (subject == nullptr) return;
    auto what = request();
    what.age = 2s;
    running_client client(*subject, what, network_);
    const auto* first = asked(1, subject->patience);
    ASSERT_NE(first, nullptr);
    EXPECT_GE(first->requests.front().at - client.started(), 2s);
    server_.serve_for(1s);
    EXPECT_EQ(server_.used().size(), 1);
    EXPECT_FALSE(server_.used().front()->ended);
}

TEST_P(Browser, HasNothingToSayToAnybodyElse) {
    const auto* subject = program(GetParam().id);
    if (subject == nullptr) return;
    running_client client(*subject, request(), network_);
    ASSERT_NE(asked(1, subject->patience), nullptr);
    server_.serve_for(5s);
    EXPECT_EQ(attempts_elsewhere(network_), 0);
}

TEST_P(Browser, LeavesNothingBehind) {
    const auto* subject = program(GetParam().id);
    if (subject == nullptr) return;
    std::string folder;
    {
        running_client client(*subject, request(), network_);
        folder = client.folder();
        ASSERT_NE(asked(1, subject->patience), nullptr);
        EXPECT_GT(processes_with(folder).size(), 1);
    }
    EXPECT_EQ(processes_with(folder), std::vector<std::string>{});
    EXPECT_TRUE(server_.serve_until([this] { return server_.used().front()->ended.has_value(); }, 5s));
}

INSTANTIATE_TEST_SUITE_P(Each, Browser, ::testing::Values(browser_row{"chromium"}, browser_row{"firefox"}),
                         name_of<browser_row>);

class FirefoxPreferences : public client_programs {};

TEST_F(FirefoxPreferences, AreItsOwn) {
    const auto* subject = program("firefox");
    if (subject == nullptr) return;
    auto what = request();
    what.preferences = {{"general.useragent.override", "\"told by a preference\""}};
    running_client client(*subject, what, network_);
    const auto* first = asked(1, subject->patience);
    ASSERT_NE(first, nullptr);
    EXPECT_NE(first->requests.front().text.find("\r\nUser-Agent: told by a preference\r\n"), std::string::npos);
}

class AnyCommand : public client_programs {};

TEST_F(AnyCommand, IsAProgramThatIsToldWhereToGo) {
    const auto* curl = program("curl");
    if (curl == nullptr) return;
    auto what = request();
    what.options = {{"command", "curl --silent --output '{folder}/page with blanks' {url}"}};
    running_client client(subjects::find_client("command"), what, network_);
    ASSERT_NE(asked(1, curl->patience), nullptr);
    ASSERT_TRUE(server_.serve_until([this] { return server_.used().front()->ended.has_value(); }, 5s));
    EXPECT_TRUE(std::filesystem::exists(client.folder() + "/page with blanks"));
}

}  // namespace
}  // namespace firstfin::testing
