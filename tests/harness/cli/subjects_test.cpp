#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "tests/support/installation.hpp"

namespace firstfin::test {
namespace {

namespace json = boost::json;

class Subjects : public ::testing::Test {
protected:
    json::value listed(const std::string& options = {}) {
        const auto ended = here.shell(environment + " firstfin subjects --format json " + options);
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        return json::parse(ended.out);
    }
    static std::string_view text(const json::value& one, std::string_view member) { return one.at(member).as_string(); }
    static const json::value* find(const json::value& whole, std::string_view side, std::string_view id) {
        for (const auto& one : whole.at("subjects").as_array())
            if (text(one, "side") == side && text(one, "id") == id) return &one;
        return nullptr;
    }
    std::string program(const std::string& name, const std::string& script) {
        std::filesystem::create_directory(here.folder() / "fake");
        const auto path = here.file("fake/" + name, "#!/bin/sh\n" + script + "\n");
        std::filesystem::permissions(path, std::filesystem::perms::owner_exec, std::filesystem::perm_options::add);
        return path;
    }
    installation here;
    std::string environment = "env PATH=" + (here.folder() / "fake").string() + ":$PATH";
};

TEST_F(Subjects, TheProgramInPathAndItsOwnWords) {
    const auto path = program("haproxy", "echo 'HAProxy version 9.8.7'");
    const auto whole = listed();
    const auto* haproxy = find(whole, "server", "haproxy");
    ASSERT_NE(haproxy, nullptr);
    EXPECT_EQ(text(*haproxy, "path"), path);
    EXPECT_EQ(haproxy->at("version"), "HAProxy version 9.8.7");
    EXPECT_EQ(haproxy->at("usable"), true);
    EXPECT_EQ(haproxy->at("profile"), "haproxy-downstream");
    EXPECT_NE(find(whole, "client", "curl"), nullptr);
}

TEST_F(Subjects, OneSideAlone) {
    EXPECT_EQ(find(listed("--servers"), "client", "curl"), nullptr);
    EXPECT_NE(find(listed("--servers"), "server", "nginx"), nullptr);
    EXPECT_EQ(find(listed("--clients"), "server", "nginx"), nullptr);
    EXPECT_NE(find(listed("--clients"), "client", "curl"), nullptr);
}

TEST_F(Subjects, MissingOnesAreNoFailure) {
    program("wrk", "exit 1");
    const auto ended = here.shell("COLUMNS=250 firstfin subjects");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(ended.out.find('\x1b'), ended.out.npos);
    // A folder with nothing in it for PATH; absolute paths and the folders of servers stay.
    std::filesystem::create_directory(here.folder() / "empty");
    const auto firstfin = (here.folder() / "bin" / "firstfin").string();
    const auto poor =
        here.shell("PATH=" + (here.folder() / "empty").string() + " COLUMNS=250 " + firstfin + " subjects --clients");
    EXPECT_EQ(poor.exit_code, 0) << poor.err;
    EXPECT_NE(poor.out.find("missing; install it: apt-get install --no-install-recommends curl"), poor.out.npos)
        << poor.out;
}

TEST_F(Subjects, HelpHasExamplesAndMistakesAreNamed) {
    const auto help = here.firstfin({"subjects", "--help"});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_NE(help.out.find("firstfin subjects --clients --format json"), help.out.npos);
    EXPECT_EQ(here.firstfin({"subjects", "--format", "xml"}).exit_code, 2);
}

}  // namespace
}  // namespace firstfin::test
