#include "core/profile.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "tests/harness/sandbox/messages.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin {
namespace {

using namespace std::chrono_literals;
using ::firstfin::testing::message_of;

const catalogue& committed() {
    static const auto all = catalogue::load(FIRSTFIN_PROFILES);
    return all;
}

TEST(CommittedProfiles, AreAllThere) {
    EXPECT_EQ(committed().all().size(), 77U);
}

TEST(CommittedProfiles, SayWhereTheyComeFrom) {
    std::set<std::string> ids;
    for (const auto& each : committed().all()) {
        EXPECT_TRUE(ids.insert(each.id).second) << each.id << " twice";
        EXPECT_NE(each.name, "") << each.id;
        EXPECT_NE(each.source, "") << each.id;
        EXPECT_NE(each.checked_version, "") << each.id;
        EXPECT_TRUE(each.confidence == "read in source" || each.confidence == "documented" ||
                    each.confidence == "secondary")
            << each.id << ": " << each.confidence;
    }
}

TEST(CommittedProfiles, HaveThePolicyOfTheirRoleAndALimitThatMakesSense) {
    for (const auto& each : committed().all()) {
        const bool as_client = each.role == profile_role::client || each.role == profile_role::lb_upstream;
        EXPECT_EQ(each.client.has_value(), as_client) << each.id;
        EXPECT_EQ(each.server.has_value(), !as_client) << each.id;
        const auto limit = as_client ? each.client->idle_timeout : each.server->keepalive_timeout;
        const auto window = as_client ? each.client->close_window : each.server->close_window;
        EXPECT_TRUE(limit.is_never() || !each.needs_timeout) << each.id;
        EXPECT_TRUE(limit.is_never() || !window || window->latest >= limit.value()) << each.id;
        EXPECT_TRUE(limit.is_never() || !as_client || each.client->mode != close_mode::never) << each.id;
    }
}

TEST(CommittedProfiles, KnowFirefox) {
    const auto& firefox = committed().client("firefox");
    client_policy expected;
    expected.idle_timeout = 115s;
    expected.close_window = time_window{115s, 125s};
    expected.unused_timeout = 5s;
    expected.hint = hint_use::follow;
    expected.retry = retry_rule::all;
    EXPECT_EQ(firefox.client, expected);
    EXPECT_EQ(firefox.role, profile_role::client);
    EXPECT_FALSE(firefox.needs_timeout);
    EXPECT_NE(firefox.measured, "");
}

TEST(CommittedProfiles, KnowNginx) {
    const auto& nginx = committed().server("nginx");
    server_policy expected;
    expected.keepalive_timeout = 75s;
    expected.close_window = time_window{75s, 75100ms};
    expected.keepalive_requests = {1000};
    expected.keepalive_time = time_limit::never();
    EXPECT_EQ(nginx.server, expected);
    EXPECT_EQ(nginx.role, profile_role::server);
}

TEST(CommittedProfiles, KnowPoolsThatOnlyShorten) {
    const auto& node = committed().client("node-http-agent").client.value();
    EXPECT_EQ(node.hint, hint_use::shorten);
    EXPECT_EQ(node.hint_slack, 1s);
    EXPECT_EQ(committed().client("undici").client->hint_cap, time_limit(600s));
}

struct position_row {
    const char* name;
    const char* asked;
    const char* as_client;  ///< the id found there; empty: none
    const char* as_server;
};

class ProfileByPosition : public ::testing::TestWithParam<position_row> {};

TEST_P(ProfileByPosition, IsFound) {
    const auto found = [](auto find) -> std::string {
        try {
            return find().id;
        } catch (const bad_input&) {
            return "";
        }
    };
    const auto& row = GetParam();
    EXPECT_EQ(found([&] { return committed().client(row.asked); }), row.as_client);
    EXPECT_EQ(found([&] { return committed().server(row.asked); }), row.as_server);
}

INSTANTIATE_TEST_SUITE_P(
    Names, ProfileByPosition,
    ::testing::Values(position_row{"family", "aws-alb", "aws-alb-upstream", "aws-alb-downstream"},
                      position_row{"full_id_of_a_client", "aws-alb-upstream", "aws-alb-upstream", ""},
                      position_row{"full_id_of_a_server", "aws-alb-downstream", "", "aws-alb-downstream"},
                      position_row{"server_that_proxies_too", "nginx", "nginx-upstream", "nginx"},
                      position_row{"balancer_with_one_side", "aws-nlb", "aws-nlb", ""},
                      position_row{"family_with_one_side", "apache-mod-proxy", "apache-mod-proxy-upstream", ""},
                      position_row{"client", "firefox", "firefox", ""},
                      position_row{"server", "kestrel", "", "kestrel"}, position_row{"unknown", "netscape", "", ""}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(WrongProfile, OnTheWrongSideIsToldItsRole) {
    EXPECT_EQ(message_of([] { (void)committed().server("firefox"); }),
              "the profile 'firefox' is a client: it cannot stand on the server's side");
    EXPECT_EQ(message_of([] { (void)committed().client("kestrel"); }),
              "the profile 'kestrel' is a server: it cannot stand on the client's side");
    EXPECT_EQ(message_of([] { (void)committed().client("aws-alb-downstream"); }),
              "the profile 'aws-alb-downstream' is a lb-downstream: it cannot stand on the client's side");
}

TEST(WrongProfile, IsToldTheNearestNameOfItsSide) {
    EXPECT_EQ(message_of([] { (void)committed().client("firefix"); }),
              "no client profile is called 'firefix'; did you mean 'firefox'?");
    EXPECT_EQ(message_of([] { (void)committed().server("ngnix"); }),
              "no server profile is called 'ngnix'; did you mean 'nginx'?");
}

TEST(WrongProfile, NearNothingIsToldAllNamesOfItsSide) {
    const auto message = message_of([] { (void)committed().client("lynx-2.8-on-a-rainy-day"); });
    EXPECT_TRUE(::firstfin::testing::says(message, "; known: "));
    EXPECT_TRUE(::firstfin::testing::says(message, "firefox, "));
    EXPECT_EQ(message.find("kestrel"), std::string::npos) << message;
}

/// A folder with one file of profiles.
class ProfileFolder {
public:
    explicit ProfileFolder(const std::string& text) { add("a.toml", text); }
    void add(const std::string& name, const std::string& text) const { std::ofstream(folder_.path() / name) << text; }
    [[nodiscard]] catalogue load() const { return catalogue::load(folder_.path()); }
    /// What loading complains of, without the folder's name.
    [[nodiscard]] std::string complaint() const {
        const auto message = message_of([this] { (void)load(); });
        const auto prefix = folder_.path().string() + "/";
        return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
    }

private:
    test::temporary_folder folder_;
};

TEST(ProfileFile, WithoutLimitNeedsOne) {
    const ProfileFolder folder(
        "[[profile]]\nid = \"a\"\nrole = \"server\"\n[[profile]]\nid = \"b\"\nrole = \"client\"\nnever = true\n");
    const auto profiles = folder.load();
    EXPECT_TRUE(profiles.server("a").needs_timeout);
    EXPECT_FALSE(profiles.client("b").needs_timeout);
    EXPECT_TRUE(profiles.client("b").client->idle_timeout.is_never());
}

TEST(ProfileFile, OtherFilesOfTheFolderAreNotRead) {
    const ProfileFolder folder("[[profile]]\nid = \"a\"\nrole = \"server\"\n");
    folder.add("README.md", "not TOML");
    folder.add("b.toml", "# nothing yet\n");
    EXPECT_EQ(folder.load().all().size(), 1U);
}

TEST(ProfileFile, DefinesAnIdOnceInAllFiles) {
    const ProfileFolder folder("[[profile]]\nid = \"a\"\nrole = \"server\"\n");
    folder.add("b.toml", "\n[[profile]]\nid = \"a\"\nrole = \"client\"\n");
    EXPECT_EQ(folder.complaint(), "b.toml:2:1: the profile 'a' is defined twice");
}

TEST(ProfileFile, MustBeInAFolder) {
    EXPECT_TRUE(
        ::firstfin::testing::says(message_of([] { (void)catalogue::load("/no/such/folder"); }), "/no/such/folder"));
}

struct bad_file {
    const char* name;
    const char* lines;  ///< follow the five that are always there
    const char* complaint;
};

class BadProfileFile : public ::testing::TestWithParam<bad_file> {};

TEST_P(BadProfileFile, IsRefusedWithItsPlace) {
    const ProfileFolder folder(
        std::string("# a comment\n[[profile]]\nid = \"a\"\nrole = \"client\"\nsource = \"here\"\n") + GetParam().lines);
    EXPECT_EQ(folder.complaint(), GetParam().complaint);
}

INSTANTIATE_TEST_SUITE_P(
    Names, BadProfileFile,
    ::testing::Values(
        bad_file{"unknown_key", "close_windows_s = [1, 2]",
                 "a.toml:6:1: unknown key 'close_windows_s' in a profile; did you mean 'close_window_s'?"},
        bad_file{"unknown_key_near_nothing", "colour = \"blue\"", "a.toml:6:1: unknown key 'colour' in a profile"},
        bad_file{"unknown_table", "[profiles]",
                 "a.toml:6:2: unknown key 'profiles' in a profile file; did you mean 'profile'?"},
        bad_file{"key_twice", "id = \"b\"",
                 "a.toml:6:6: Error while parsing key-value pair: cannot redefine existing string 'id'"},
        bad_file{"window_backwards", "close_window_s = [125, 115]", "a.toml:6:18: the window ends before it begins"},
        bad_file{"window_of_one", "close_window_s = [125]", "a.toml:6:18: expected [earliest, latest] in seconds"},
        bad_file{"window_in_words", "close_window_s = \"115s..125s\"",
                 "a.toml:6:18: expected [earliest, latest] in seconds"},
        bad_file{"window_of_words", "close_window_s = [\"115s\", 125]",
                 "a.toml:6:19: expected a number of seconds, 0 or more"},
        bad_file{"duration_in_words", "idle_timeout_s = \"65s\"",
                 "a.toml:6:18: expected a number of seconds, 0 or more"},
        bad_file{"negative", "idle_timeout_s = -1", "a.toml:6:18: expected a number of seconds, 0 or more"},
        bad_file{"not_a_number", "idle_timeout_s = nan", "a.toml:6:18: expected a number of seconds, 0 or more"},
        bad_file{"infinite", "hint_cap_s = inf", "a.toml:6:14: expected a number of seconds, 0 or more"},
        bad_file{"unknown_name", "close_mode = \"lasy\"",
                 "a.toml:6:14: 'lasy' is not known here: expected one of timer, lazy, never"},
        bad_file{"flag_in_words", "never = \"yes\"", "a.toml:6:9: expected true or false"},
        bad_file{"count_in_words", "max_requests = \"many\"", "a.toml:6:16: expected a whole number, 1 or more"},
        bad_file{"count_of_zero", "max_requests = 0", "a.toml:6:16: expected a whole number, 1 or more"},
        bad_file{"negative_count", "max_requests = -1", "a.toml:6:16: expected a whole number, 1 or more"},
        bad_file{"list_for_a_text", "note = [1]", "a.toml:6:8: expected a string, a number or a boolean"},
        bad_file{"id_twice", "[[profile]]\nid = \"a\"\nrole = \"server\"",
                 "a.toml:6:1: the profile 'a' is defined twice"},
        bad_file{"no_id", "[[profile]]\nrole = \"client\"", "a.toml:6:1: a profile needs an id"},
        bad_file{"no_role", "[[profile]]\nid = \"b\"",
                 "a.toml:6:1: a profile needs a role: client, lb-upstream, lb-downstream or server"},
        bad_file{"unknown_role", "[[profile]]\nid = \"b\"\nrole = \"proxy\"",
                 "a.toml:8:8: 'proxy' is not known here: expected one of client, lb-upstream, lb-downstream, server"}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace firstfin
