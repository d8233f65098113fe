#include "server/config_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace firstfin {
namespace {

using namespace std::chrono_literals;

class ConfigFile : public testing::Test {
protected:
    std::vector<listen_request> read(std::string_view text) {
        std::ofstream(file_) << text;
        return read_config_file(file_);
    }
    /// What a person would see, with the file's name cut away.
    std::string complaint_about(std::string_view text) {
        try {
            (void)read(text);
            return "accepted";
        } catch (const bad_input& refused) {
            std::string out = refused.what();
            for (auto at = out.find(file_); at != std::string::npos; at = out.find(file_))
                out.replace(at, file_.size(), "FILE");
            return out;
        }
    }
    void TearDown() override { std::filesystem::remove(file_); }

private:
    std::string file_ = testing::TempDir() + "firstfin-config-" +
                        testing::UnitTest::GetInstance()->current_test_info()->name() + ".toml";
};

TEST_F(ConfigFile, HoldsListenersWithTheirPolicies) {
    const auto listeners = read(R"(
[[listen]]
address = "127.0.0.1:8080"
keepalive_timeout = "65s"
keepalive_requests = 3
close_style = "linger"

[[listen]]
address = "[::1]:8081"
keepalive_timeout = 0
close_window = "none"
)");
    ASSERT_EQ(listeners.size(), 2U);
    EXPECT_EQ(to_text(listeners[0].where), "127.0.0.1:8080");
    EXPECT_EQ(listeners[0].policy.keepalive_timeout, time_limit(65s));
    EXPECT_EQ(listeners[0].policy.keepalive_requests, count_limit{3});
    EXPECT_EQ(listeners[0].policy.close_style, server_close_style::linger);
    EXPECT_EQ(to_text(listeners[1].where), "[::1]:8081");
    EXPECT_TRUE(listeners[1].policy.keepalive_timeout.is_zero());
}

TEST_F(ConfigFile, ShowsEveryMistakeWithItsPlace) {
    EXPECT_EQ(complaint_about("title = 1\n"
                              "[[listen]]\n"
                              "address = \"127.0.0.1\"\n"
                              "keepalive_timeot = \"65s\"\n"
                              "response_delay = 5\n"
                              "[[listen]]\n"
                              "close_style = [\"fin\"]\n"
                              "on_client_fin = \"shrug\"\n"),
              "the configuration has mistakes:\n"
              "FILE:1:1: 'title': expected [[listen]] tables and nothing else\n"
              "FILE:3:11: address: '127.0.0.1' is not an address and port: expected for example 127.0.0.1:8080 or "
              "[::1]:8080\n"
              "FILE:4:1: unknown key 'keepalive_timeot' in [[listen]]; did you mean 'keepalive_timeout'?\n"
              "FILE:5:18: response_delay: '5' is not a duration: expected a number and a unit, such as \"65s\", "
              "\"300ms\" or \"2m\"\n"
              "FILE:6:1: a [[listen]] needs an address, such as address = \"127.0.0.1:8080\"\n"
              "FILE:7:15: close_style: expected a string or a number\n"
              "FILE:8:17: on_client_fin: 'shrug' is not known here: expected one of finish, abort, ignore");
}

TEST_F(ConfigFile, ThatIsNotTomlNamesThePlace) {
    EXPECT_NE(complaint_about("[[listen]\n").find("FILE:1:10: "), std::string::npos) << complaint_about("[[listen]\n");
}

TEST_F(ConfigFile, WithoutListenersIsRefused) {
    EXPECT_EQ(complaint_about(""), "FILE: no [[listen]] table: nothing to listen on");
}

TEST_F(ConfigFile, ThatIsMissingIsNamed) {
    EXPECT_THROW((void)read_config_file("/nowhere/server.toml"), bad_input);
}

}  // namespace
}  // namespace firstfin
