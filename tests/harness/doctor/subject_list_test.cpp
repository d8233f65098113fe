#include "harness/doctor/subject_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <sstream>

#include "harness/report/terminal_text.hpp"

namespace firstfin::doctor {
namespace {

namespace json = boost::json;

std::vector<listed_subject> sample() {
    return {{true,
             "nginx",
             "nginx",
             "nginx",
             {"keepalive_hint", "keepalive_timeout"},
             "install it: apt-get install --no-install-recommends nginx-light",
             {"/usr/sbin/nginx", "nginx version: nginx/1.22.1", true}},
            {true,
             "aiohttp-server",
             "Python aiohttp",
             "aiohttp-server",
             {"keepalive_timeout"},
             "install it: apt-get install --no-install-recommends python3-aiohttp",
             {"/usr/bin/python3", "", false}},
            {true, "command", "any program", "", {"keepalive_timeout"}, "", {}},
            {false,
             "curl",
             "curl",
             "libcurl",
             {},
             "install it: apt-get install --no-install-recommends curl",
             {"/usr/bin/curl", "curl \x1b[31m7\x07", true}}};
}

std::string line_with(const std::string& text, std::string_view what) {
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        if (line.find(what) != line.npos) return line;
    return "no line with " + std::string(what) + " in\n" + text;
}

TEST(SubjectList, SaysWhichAreHereAndWhatInstallsTheRest) {
    const auto text = to_text(sample(), {.width = 200});
    const auto nginx = line_with(text, "nginx/1.22.1");
    EXPECT_TRUE(nginx.starts_with("server")) << nginx;
    EXPECT_NE(nginx.find("keepalive_hint, keepalive_timeout"), nginx.npos) << nginx;
    const auto aiohttp = line_with(text, "aiohttp-server");
    EXPECT_NE(aiohttp.find("missing; install it: apt-get install --no-install-recommends python3-aiohttp"),
              aiohttp.npos)
        << aiohttp;
    EXPECT_EQ(line_with(text, "command").find("missing"), std::string::npos);
    EXPECT_TRUE(line_with(text, "curl").starts_with("client"));
}

TEST(SubjectList, FitsAndCommandsNoTerminal) {
    for (const std::size_t width : {40U, 80U, 120U}) {
        const auto text = to_text(sample(), {.width = width});
        EXPECT_EQ(text.find('\x1b'), text.npos);
        EXPECT_EQ(text.find('\x07'), text.npos);
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);)
            EXPECT_LE(report::display_width(line), width) << text;
    }
}

TEST(SubjectList, IsJsonForMachines) {
    const auto whole = json::parse(to_json(sample()));
    const auto& all = whole.at("subjects").as_array();
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(all[0].at("side"), "server");
    EXPECT_EQ(all[0].at("takes").as_array().size(), 2U);
    EXPECT_EQ(all[0].at("usable"), true);
    EXPECT_EQ(all[1].at("usable"), false) << "without its modules";
    EXPECT_EQ(all[2].at("usable"), true) << "any program is";
    EXPECT_EQ(all[3].at("side"), "client");
    // A program's words may be no text at all.
    auto broken = sample();
    broken[0].here.version = "1 \xFF";
    boost::system::error_code failed;
    (void)json::parse(to_json(broken), failed);
    EXPECT_FALSE(failed) << failed.message();
}

}  // namespace
}  // namespace firstfin::doctor
