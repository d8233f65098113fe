#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "harness/report/terminal_text.hpp"
#include "harness/validate/printing/printing.hpp"
#include "tests/harness/validate/printing/sample_validation.hpp"
#include "tests/support/golden.hpp"

namespace firstfin::validate::printing {
namespace {

using test::expect_golden;

TEST(ValidationText, IsTheGoldenOne) {
    expect_golden("text_100.txt", as_text(test::sample_validation(), {.width = 100}));
}

TEST(ValidationText, InANarrowWindow) {
    expect_golden("text_40.txt", as_text(test::sample_validation(), {.width = 40}));
}

TEST(ValidationText, InColour) {
    const auto plain = as_text(test::sample_validation(), {.width = 100});
    EXPECT_EQ(plain.find('\x1b'), std::string::npos);
    auto coloured = as_text(test::sample_validation(), {.width = 100, .colour = true});
    EXPECT_NE(coloured.find("nginx.conf:8:34: \x1b[1;31merror\x1b[0m [server-before-balancer]"), std::string::npos);
    for (const auto* code : {"\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m", "\x1b[0m"})
        for (auto at = coloured.find(code); at != std::string::npos; at = coloured.find(code))
            coloured.erase(at, std::string_view(code).size());
    EXPECT_EQ(coloured, plain);
}

/// A place stands on a line of its own, whole.
bool is_place(const std::string& line) {
    return line.ends_with("]") && line.find(": ") != std::string::npos && line.find(" [") != std::string::npos;
}

TEST(ValidationText, NoLineIsWiderThanTheWindow) {
    for (const auto& sample : {test::sample_validation(), test::hostile_validation()})
        for (std::size_t width = 33; width < 160; ++width) {
            std::istringstream lines(as_text(sample, {.width = width}));
            for (std::string line; std::getline(lines, line);)
                EXPECT_TRUE(report::display_width(line) <= width || is_place(line)) << width << ": " << line;
        }
}

TEST(ValidationText, AlikeServersAreOneLine) {
    const auto text = as_text(test::sample_validation(500), {.width = 160});
    EXPECT_NE(text.find("b0.example:80, and 499 more"), std::string::npos) << text;
    EXPECT_EQ(text.find("b17.example:80"), std::string::npos) << text;
}

TEST(ValidationText, CaretsStandUnderTheWord) {
    for (std::size_t width = 40; width < 300; width += 13) {
        std::istringstream lines(as_text(test::sample_validation(), {.width = width}));
        std::size_t seen = 0;
        for (std::string line, before; std::getline(lines, line); before = line) {
            const auto carets = line.find("^");
            if (carets == std::string::npos || line.find_first_not_of(" |^") != std::string::npos) continue;
            ++seen;
            // Columns of the terminal, not bytes.
            std::size_t from = 0;
            while (report::display_width(before.substr(0, from)) < carets)
                ++from;
            const auto under = before.substr(from, line.size() - carets);
            EXPECT_TRUE(under == "upstream" || std::string_view("keepalive_timeout").starts_with(under)) << under;
            EXPECT_GE(under.size(), 5U);
        }
        EXPECT_EQ(seen, 3U);
    }
}

TEST(ValidationText, HidesNothingInATerminal) {
    const auto text = as_text(test::hostile_validation(), {.width = 80});
    EXPECT_TRUE(std::ranges::none_of(text, [](char c) { return (c < 0x20 && c >= 0 && c != '\n') || c == 0x7F; }));
    for (const auto* bad : {"\xE2\x80\xAE", "\xFF", "\xC2\x9B"})
        EXPECT_EQ(text.find(bad), std::string::npos);
}

TEST(RulesText, IsTheGoldenOne) {
    expect_golden("rules_80.txt", rules_text(80, test::sample_rules()));
    expect_golden("why_60.txt", why_text(test::sample_rules()[0], 60));
}

}  // namespace
}  // namespace firstfin::validate::printing
