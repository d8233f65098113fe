#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "core/parse_error.hpp"
#include "tests/peers/nginx/conformance_case.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::testing {
namespace {

bool expects_something(const step& one) {
    return std::holds_alternative<expect_answer>(one) || std::holds_alternative<expect_end>(one) ||
           std::holds_alternative<expect_server_state>(one);
}

TEST(CaseFile, every_case_has_a_name_of_its_own_and_every_play_an_expectation) {
    const auto file = read_cases(FIRSTFIN_NGINX_CASES);
    EXPECT_GT(file.tolerance.late, 0);
    std::set<std::string> names;
    std::set<int> numbers;
    for (const auto& one : file.cases) {
        SCOPED_TRACE(one.name);
        EXPECT_TRUE(names.insert(one.name).second);
        numbers.insert(one.number);
        for (const auto& each : one.plays)
            EXPECT_TRUE(std::ranges::any_of(each.steps, expects_something) || !each.drains.empty());
    }
    std::set<int> wanted{65};
    for (int number = 1; number <= 58; ++number)
        if (number != 51) wanted.insert(number);
    EXPECT_EQ(numbers, wanted);
}

/// What reading a file with this text says, or "read".
std::string reading(std::string_view text) {
    const test::temporary_folder folder;
    const auto file = folder.path() / "cases.toml";
    std::ofstream(file) << text;
    try {
        std::ignore = read_cases(file);
        return "read";
    } catch (const bad_input& error) {
        return error.what();
    }
}

std::string with_step(std::string_view text) {
    return "[[case]]\nnumber = 1\nname = 'n'\nserver = ''\n[[case.play]]\nsteps = [" + std::string(text) + "]\n";
}

TEST(CaseFile, mistakes_are_named) {
    EXPECT_EQ(reading(with_step("{ end = 'open' }")), "read");
    const std::pair<const char*, const char*> rows[] = {{"{ end = 'server' }", "server FIN"},
                                                        {"{ nod = true }", "nod"},
                                                        {"{ end = 'open', sinse = 'send' }", "sinse"},
                                                        {"{ end = 'open', since = 'dawn' }", "dawn"},
                                                        {"{ signal = 'KILL' }", "HUP"},
                                                        {"{ server_state = 'ASLEEP' }", "no such TCP state"},
                                                        {"{ pause = 'long' }", "a number"},
                                                        {"{ late = 'perhaps' }", "taken or RST"},
                                                        {"{ after = 1 }", "no kind of step"}};
    for (const auto& [text, part] : rows)
        EXPECT_NE(reading(with_step(text)).find(part), std::string::npos) << text << ": " << reading(with_step(text));
    EXPECT_NE(reading("[[case]]\nnumber = 1\n").find("a case needs"), std::string::npos);
}

TEST(CaseFile, each_value_makes_a_play) {
    const test::temporary_folder folder;
    const auto file = folder.path() / "cases.toml";
    std::ofstream(file) << "[[case]]\nnumber = 1\nname = 'n'\nserver = ''\n[[case.play]]\neach = ['a', 'b']\n"
                           "steps = [{ send = '<$>', times = 2, fill = 3 }]\n";
    const auto cases = read_cases(file).cases;
    ASSERT_EQ(cases.at(0).plays.size(), 2U);
    EXPECT_EQ(std::get<send_bytes>(cases[0].plays[0].steps.at(0)).text, "<a><a>bbb");
    EXPECT_EQ(std::get<send_bytes>(cases[0].plays[1].steps.at(0)).text, "<b><b>bbb");
}

}  // namespace
}  // namespace firstfin::testing
