#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/support/installation.hpp"

// `firstfin validate` as a user runs it.

namespace firstfin::test {
namespace {

namespace json = boost::json;

const std::string configuration = R"(events { }
http {
    server {
        listen 8080;
        keepalive_timeout 60s;
        location / { }
    }
}
)";

struct Validate : ::testing::Test {
    finished run(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "validate");
        return here.firstfin(std::move(arguments));
    }
    installation here;
    std::string file = here.file("nginx.conf", configuration);
};

TEST_F(Validate, FindsTheBalancerThatIsLonger) {
    const auto ended = run({file, "--client", "aws-alb"});
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
    EXPECT_NE(ended.out.find(file + ":5:9: error [server-before-balancer]"), std::string::npos) << ended.out;
    EXPECT_NE(ended.out.find("keepalive_timeout 65s;"), std::string::npos) << ended.out;
    EXPECT_EQ(run({file, "--balancer", "aws-alb", "--fail-on", "never"}).exit_code, 0);
    EXPECT_EQ(run({file, "--client", "undici"}).exit_code, 0);
}

TEST_F(Validate, NotesFailOnlyWhenAsked) {
    EXPECT_EQ(run({file, "--client", "chromium"}).exit_code, 0);
    EXPECT_EQ(run({file, "--client", "chromium", "--fail-on", "note"}).exit_code, 1);
}

TEST_F(Validate, AProjectFileTakesThePlaceOfOptions) {
    here.file("firstfin.toml", "[validate]\nclients = \"aws-alb\"\nfail_on = \"error\"\n");
    EXPECT_EQ(run({file}).exit_code, 1);
    EXPECT_EQ(run({file, "--client", "undici"}).exit_code, 0) << "the command line wins";
    here.file("firstfin.toml", "[validate]\nclient = \"aws-alb\"\n");
    const auto refused = run({file});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.err.find("firstfin.toml:2:"), std::string::npos) << refused.err;
}

TEST_F(Validate, JsonHasEverything) {
    const auto ended = run({file, "--client", "aws-alb", "--rate", "500", "--format", "json"});
    const auto told = json::parse(ended.out);
    const auto& found = told.at("findings").as_array();
    ASSERT_EQ(found.size(), 1U) << ended.out;
    EXPECT_EQ(found[0].at("place").at("line"), 5);
    EXPECT_EQ(found[0].at("change").at("directive"), "keepalive_timeout 65s");
    EXPECT_EQ(told.at("hops").at(0).at("time_wait").at("most"), 30'000.0);
}

TEST_F(Validate, FormatsForOtherProgramsNameFilesFromHere) {
    const auto sarif = run({file, "--client", "aws-alb", "--format", "sarif"});
    EXPECT_EQ(sarif.exit_code, 1) << sarif.err;
    const auto log = json::parse(sarif.out);
    const auto& driver = log.at("runs").at(0).at("tool").at("driver").at("rules").as_array();
    const auto& result = log.at("runs").at(0).at("results").at(0);
    EXPECT_EQ(result.at("ruleId").as_string(), "server-before-balancer");
    EXPECT_EQ(driver.at(result.at("ruleIndex").to_number<std::size_t>()).at("id"), result.at("ruleId"));
    const auto& place = result.at("locations").at(0).at("physicalLocation");
    EXPECT_EQ(place.at("artifactLocation").at("uri").as_string(), "nginx.conf");
    EXPECT_EQ(place.at("region").at("startLine"), 5);

    const auto github = run({file, "--client", "aws-alb", "--format", "github"});
    EXPECT_TRUE(
        github.out.starts_with("::error file=nginx.conf,line=5,col=9,endColumn=26,title=server-before-balancer"))
        << github.out;
    const auto junit = run({"nginx.conf", "--client", "aws-alb", "--format", "junit", "--fail-on", "never"});
    EXPECT_EQ(junit.exit_code, 0) << junit.err;
    EXPECT_NE(junit.out.find(" failures=\"0\""), std::string::npos) << junit.out;
    EXPECT_EQ(run({file, "--client", "aws-alb", "--measure", "--format", "junit"}).exit_code, 2);
    const auto rules = run({"--rules", "--format", "json"});
    EXPECT_GT(json::parse(rules.out).at("rules").as_array().size(), 30U);
}

TEST_F(Validate, StandardInputAndParts) {
    const auto piped = here.shell(
        "printf 'server { listen 80; keepalive_timeout 60s; location / { } }' | firstfin validate - "
        "--context http --client aws-alb");
    EXPECT_EQ(piped.exit_code, 1) << piped.err;
    EXPECT_NE(piped.out.find("standard input:1:21: error"), std::string::npos) << piped.out;
}

TEST_F(Validate, BadInputIsRefusedWithItsPlace) {
    const auto broken =
        here.file("broken.conf", "events { }\nhttp {\n  server {\n    listen 80\n    keepalive_timeout x;\n  }\n}\n");
    const auto ended = run({broken});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_NE(ended.err.find("broken.conf:"), std::string::npos) << ended.err;
    EXPECT_NE(ended.err.find("^"), std::string::npos) << ended.err;
    EXPECT_EQ(run({here.folder() / "nowhere.conf"}).exit_code, 2);
    EXPECT_NE(run({file, "--client", "fierfox"}).err.find("did you mean 'firefox'?"), std::string::npos);
    EXPECT_EQ(run({}).exit_code, 2);
}

TEST_F(Validate, RulesExplainThemselves) {
    const auto all = run({"--rules"});
    EXPECT_EQ(all.exit_code, 0);
    EXPECT_NE(all.out.find("upstream-outlives-backend"), std::string::npos) << all.out;
    const auto why = run({"--why", "tie-zone"});
    EXPECT_EQ(why.exit_code, 0);
    EXPECT_NE(why.out.find("Source:"), std::string::npos) << why.out;
    EXPECT_NE(run({"--why", "tie-zones"}).err.find("did you mean 'tie-zone'?"), std::string::npos);
}

}  // namespace
}  // namespace firstfin::test
