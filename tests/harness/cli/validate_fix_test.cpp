#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/support/installation.hpp"

// `firstfin validate --fix` as a user runs it.

namespace firstfin::test {
namespace {

std::string text_of(const std::string& path) {
    std::stringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
}

struct ValidateFix : ::testing::Test {
    finished run(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "validate");
        return here.firstfin(std::move(arguments));
    }
    const std::string before = "events { }\nhttp { server { listen 8080;\n  keepalive_timeout 60s; # as ever\n} }\n";
    const std::string after = "events { }\nhttp { server { listen 8080;\n  keepalive_timeout 65s; # as ever\n} }\n";
    installation here;
    std::string file = here.file("nginx.conf", before);
};

TEST_F(ValidateFix, ShowsADiffAndChangesNothing) {
    const auto ended = run({file, "--client", "aws-alb", "--fix"});
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
    EXPECT_NE(ended.out.find("\n-  keepalive_timeout 60s; # as ever\n+  keepalive_timeout 65s; # as ever\n"),
              std::string::npos)
        << ended.out;
    EXPECT_NE(ended.err.find("1 change in 1 file fixes 1 of 1 finding."), std::string::npos) << ended.err;
    EXPECT_EQ(text_of(file), before);
}

TEST_F(ValidateFix, WritesOnceAndThenHasNothingToDo) {
    EXPECT_EQ(run({file, "--client", "aws-alb", "--fix", "--write"}).exit_code, 0);
    EXPECT_EQ(text_of(file), after);
    const auto again = run({file, "--client", "aws-alb", "--fix", "--write"});
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_NE(again.out.find("Nothing to fix."), std::string::npos) << again.out;
    EXPECT_EQ(text_of(file), after);
}

}  // namespace
}  // namespace firstfin::test
