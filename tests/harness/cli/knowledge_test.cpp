#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/support/installation.hpp"

// What firstfin knows without running anything: subjects, profiles, predictions.

namespace firstfin::test {
namespace {

namespace json = boost::json;

struct Knowledge : ::testing::Test {
    json::object told(std::vector<std::string> arguments) {
        const auto ended = here.firstfin(std::move(arguments));
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        return json::parse(ended.out).as_object();
    }
    void refuses(std::vector<std::string> arguments, const std::string& words) {
        const auto ended = here.firstfin(std::move(arguments));
        EXPECT_EQ(ended.exit_code, 2) << ended.out;
        EXPECT_NE(ended.err.find(words), std::string::npos) << ended.err;
    }
    installation here;
};

TEST_F(Knowledge, SubjectsAreListedWithWhatInstallsThem) {
    const auto whole = told({"subjects", "--format", "json"});
    std::size_t servers = 0;
    std::size_t clients = 0;
    for (const auto& one : whole.at("subjects").as_array()) {
        (one.at("side") == "server" ? servers : clients) += 1;
        if (one.at("id") == "command") continue;
        EXPECT_NE(one.at("remedy").as_string().find("apt-get install"), json::string::npos) << one.at("id");
        EXPECT_FALSE(one.at("profile").as_string().empty()) << one.at("id");
    }
    EXPECT_GE(servers, 10U);
    EXPECT_GE(clients, 11U);
    const auto some = told({"subjects", "--clients", "--format", "json"});
    EXPECT_EQ(some.at("subjects").as_array().size(), clients);
    EXPECT_NE(here.firstfin({"subjects", "--servers"}).out.find("nginx"), std::string::npos);
}

TEST_F(Knowledge, ProfilesAreListedAndShownWithTheirSource) {
    EXPECT_GE(told({"profiles", "--format", "json"}).at("profiles").as_array().size(), 77U);
    const auto servers = told({"profiles", "--role", "server", "--format", "json"});
    for (const auto& one : servers.at("profiles").as_array())
        EXPECT_EQ(one.at("role"), "server");
    const auto firefox = here.firstfin({"profiles", "firefox", "aws-alb"});
    EXPECT_EQ(firefox.exit_code, 0);
    EXPECT_NE(firefox.out.find("closes within: 115s..125s"), std::string::npos) << firefox.out;
    EXPECT_NE(firefox.out.find("source:"), std::string::npos) << firefox.out;
    EXPECT_NE(firefox.out.find("aws-alb-upstream"), std::string::npos) << firefox.out;
    refuses({"profiles", "firefix"}, "did you mean 'firefox'?");
    refuses({"profiles", "check", "aws-alb-upstream"}, "no program here plays that");
}

TEST_F(Knowledge, PredictionsNeedTwoSidesThatAreKnown) {
    const auto one = told({"predict", "--server", "nginx", "--client", "firefox", "--format", "json", "--set",
                           "server.keepalive_timeout=130s"});
    EXPECT_EQ(one.at("first"), "client");
    EXPECT_EQ(one.at("time_wait"), "client");
    EXPECT_EQ(one.at("moment_s"), json::value({115.0, 125.0}));
    const auto text = here.firstfin({"predict", "--server", "nginx", "--client", "firefox"});
    EXPECT_EQ(text.exit_code, 0);
    EXPECT_NE(text.out.find("first FIN: server"), std::string::npos) << text.out;
    refuses({"predict", "--server", "nginx"}, "--client is required");
    refuses({"predict", "--server", "ngnix", "--client", "firefox"}, "did you mean 'nginx'?");
    refuses({"predict", "--server", "nginx", "--client", "firefox", "--set", "server.keepalive=1s"}, "unknown setting");
}

}  // namespace
}  // namespace firstfin::test
