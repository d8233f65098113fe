#include "harness/doctor/printing.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cerrno>
#include <sstream>

#include "harness/report/terminal_text.hpp"
#include "tests/harness/doctor/sample_facts.hpp"
#include "tests/support/golden.hpp"

namespace firstfin::doctor {
namespace {

namespace json = boost::json;

/// Ubuntu 24.04 in Docker, as a user.
facts poor_machine() {
    auto out = for_a_user(good_machine());
    out.as_user = {};
    out.as_user.enter = failed_with(EPERM, "make a user namespace: Operation not permitted");
    out.container = "docker";
    out.seccomp = 2;
    out.tw_buckets = 8192;
    out.programs.push_back({"firefox-esr", "firefox-esr", "no trials with the real Firefox as a client", {}, {}});
    return out;
}

TEST(DoctorText, OfAGoodAndAPoorMachine) {
    test::expect_golden("good_80.txt", to_text(diagnose(good_machine()), {.width = 80}));
    test::expect_golden("poor_80.txt", to_text(diagnose(poor_machine()), {.width = 80}));
    test::expect_golden("poor_40.txt", to_text(diagnose(poor_machine()), {.width = 40}));
}

TEST(DoctorText, FitsEveryWindow) {
    for (std::size_t width = 24; width < 130; width += 7) {
        std::istringstream lines(to_text(diagnose(poor_machine()), {.width = width}));
        for (std::string line; std::getline(lines, line);)
            EXPECT_LE(report::display_width(line), width) << line;
    }
}

TEST(DoctorText, AProgramsWordsCommandNoTerminal) {
    auto of = good_machine();
    of.programs[0].version = of.programs[0].path = of.kernel = of.container = "1 \x1b[31mred \xFF\x07";
    of.as_user.enter = failed_with(EPERM, "said \x1b]0;owned\x07");
    const auto text = to_text(diagnose(of), {.width = 80});
    for (const auto* part : {"\x1b", "\x07", "\xFF"})
        EXPECT_EQ(text.find(part), std::string::npos) << text;
    boost::system::error_code failed;
    (void)json::parse(to_json(diagnose(of)), failed);
    EXPECT_FALSE(failed);
}

TEST(DoctorJson, HoldsEveryCheck) {
    const auto found = diagnose(poor_machine());
    const auto whole = json::parse(to_json(found));
    EXPECT_EQ(whole.at("schema"), 1);
    EXPECT_EQ(whole.at("ability"), "limited");
    EXPECT_EQ(whole.at("sandbox"), "loopback");
    ASSERT_EQ(whole.at("checks").as_array().size(), found.checks.size());
    for (std::size_t at = 0; at < found.checks.size(); ++at) {
        const auto& one = whole.at("checks").at(at);
        EXPECT_EQ(one.at("name").as_string(), found.checks[at].name.c_str());
        EXPECT_EQ(one.at("remedy").as_string(), found.checks[at].remedy.c_str());
        EXPECT_EQ(one.at("optional").as_bool(), found.checks[at].optional);
    }
}

}  // namespace
}  // namespace firstfin::doctor
