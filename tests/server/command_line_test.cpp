#include "server/command_line.hpp"

#include <gtest/gtest.h>

#include <csignal>

#include <algorithm>

#include "core/profile.hpp"

namespace firstfin {
namespace {

using namespace std::chrono_literals;

std::optional<command_line> read(std::vector<const char*> words) {
    words.insert(words.begin(), "firstfin-server");
    return read_command_line(static_cast<int>(words.size()), words.data());
}

std::string complaint_about(std::vector<const char*> words) {
    try {
        (void)read(std::move(words));
        return "accepted";
    } catch (const bad_input& refused) {
        return refused.what();
    }
}

TEST(CommandLine, HasAnOptionForEverySetting) {
    for (const auto& each : fields_of(server_policy{})) {
        auto option = "--" + std::string(each.name);
        std::ranges::replace(option, '_', '-');
        const auto usual = each.write(server_policy{});
        EXPECT_NO_THROW((void)read({"--listen", "127.0.0.1:80", option.c_str(), usual.c_str()})) << option;
    }
}

TEST(CommandLine, GivesOnePolicyToAllListeners) {
    const auto asked =
        read({"--listen", "127.0.0.1:80", "--listen=[::1]:81", "--keepalive-timeout", "65s", "--close-style", "rst"});
    ASSERT_TRUE(asked);
    ASSERT_EQ(asked->listeners.size(), 2U);
    EXPECT_EQ(to_text(asked->listeners[1].where), "[::1]:81");
    for (const auto& each : asked->listeners) {
        EXPECT_EQ(each.policy.keepalive_timeout, time_limit(65s));
        EXPECT_EQ(each.policy.close_style, server_close_style::rst);
    }
    EXPECT_EQ(asked->shows, command_line::output::lines);
}

// The close window of a profile keeps its distance from the idle limit; other settings stay the profile's.
TEST(CommandLine, StartsFromAProfile) {
    server_policy nginx;
    try {
        const auto all = catalogue::load_installed();
        nginx = *all.server("nginx").server;
    } catch (const environment_lacks& failed) {
        GTEST_SKIP() << failed.what();
    }
    const auto asked = read({"--listen", "127.0.0.1:80", "--profile", "nginx", "--keepalive-timeout", "10s"});
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->listeners[0].policy, with_keepalive_timeout(nginx, 10s));
    EXPECT_NE(complaint_about({"--listen", "127.0.0.1:80", "--profile", "ngnix"}).find("did you mean 'nginx'"),
              std::string::npos);
}

TEST(CommandLine, SaysWhatIsWrong) {
    EXPECT_TRUE(
        complaint_about({}).starts_with("nothing to listen on: give --listen 127.0.0.1:8080 or --config FILE\n"));
    EXPECT_EQ(complaint_about({"--listen", "here"}),
              "--listen: 'here' is not an address and port: expected for example 127.0.0.1:8080 or [::1]:8080");
    EXPECT_EQ(
        complaint_about({"--listen", "127.0.0.1:80", "--response-delay", "5"}),
        "--response-delay: '5' is not a duration: expected a number and a unit, such as \"65s\", \"300ms\" or \"2m\"");
    EXPECT_NE(complaint_about({"--listen", "127.0.0.1:80", "--keepalve-timeout", "5s"})
                  .find("did you mean --keepalive-timeout"),
              std::string::npos);
    EXPECT_TRUE(
        complaint_about({"--role", "--listen", "127.0.0.1:80"}).starts_with("--role and --listen do not go together"));
    EXPECT_TRUE(complaint_about({"--config", "x", "--response-size", "1"})
                    .starts_with("--config and --response-size do not go together"));
    EXPECT_TRUE(complaint_about({"--json", "--quiet"}).starts_with("--json and --quiet do not go together"));
}

TEST(CommandLine, TestsNginxConfigurations) {
    const auto asked = read({"-t", "-p", "/etc/nginx", "-c", "nginx.conf", "--nginx-version", "1.22.1"});
    ASSERT_TRUE(asked && asked->test);
    EXPECT_EQ(asked->test->path, "nginx.conf");
    EXPECT_EQ(asked->test->prefix, "/etc/nginx/");
    EXPECT_EQ(asked->test->version, (nginx_conf::nginx_version{1, 22, 1}));
    EXPECT_FALSE(asked->test->dumps);
    EXPECT_TRUE(read({"-T", "-c", "nginx.conf"})->test->dumps);
    EXPECT_EQ(read({"-t"})->test->path, "conf/nginx.conf");
    EXPECT_TRUE(read({"-tqc", "nginx.conf"})->test->quiet);
    EXPECT_EQ(read({"-t", "-g", "daemon off;"})->test->directives, "daemon off;");
    EXPECT_TRUE(complaint_about({"-t", "-c", "a", "--listen", "127.0.0.1:80"}).find("do not go together") !=
                std::string::npos);
    EXPECT_TRUE(complaint_about({"-t", "-c", "a", "--nginx-version", "0.8"}).find("is not known here") !=
                std::string::npos);
}

TEST(CommandLine, ServesNginxConfigurations) {
    const auto asked = read({"-p", "/srv/site/", "-c", "nginx.conf", "-g", "daemon off;", "-e", "stderr"});
    ASSERT_TRUE(asked && asked->as_nginx);
    EXPECT_EQ(asked->as_nginx->prefix, "/srv/site/");
    EXPECT_EQ(asked->as_nginx->conf, "nginx.conf");
    EXPECT_EQ(asked->as_nginx->directives, "daemon off;");
    EXPECT_EQ(asked->as_nginx->error_log, "stderr");
    EXPECT_EQ(asked->as_nginx->signal, "");
    EXPECT_EQ(read({"-p", "/srv/site"})->as_nginx->conf, "conf/nginx.conf");
    EXPECT_EQ(read({"-s", "reload"})->as_nginx->signal, "reload");
    EXPECT_EQ(read({"-cn.conf", "-sstop"})->as_nginx->signal, "stop");
    EXPECT_TRUE(
        complaint_about({"-c", "a", "--keepalive-timeout", "1s"}).starts_with("-c and --keepalive-timeout do not"));
}

TEST(CommandLine, TellsItsVersionAsNginxDoes) {
    EXPECT_TRUE(
        read({"-v", "--nginx-version", "1.22.1"})->prints.starts_with("nginx version: nginx/1.22.1 (firstfin "));
    EXPECT_NE(read({"-V"})->prints.find("--without-http_proxy_module"), std::string::npos);
}

}  // namespace
}  // namespace firstfin
