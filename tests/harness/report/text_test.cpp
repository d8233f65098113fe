#include <gtest/gtest.h>

#include <sstream>

#include "harness/report/terminal_text.hpp"
#include "tests/harness/report/sample_reports.hpp"
#include "tests/support/golden.hpp"

namespace firstfin::report {
namespace {

using test::expect_golden;

std::size_t widest_line(const std::string& text) {
    std::istringstream lines(text);
    std::size_t widest = 0;
    for (std::string line; std::getline(lines, line);)
        widest = std::max(widest, display_width(line));
    return widest;
}

TEST(TextReport, ATable) {
    expect_golden("table_100.txt", test::mixed_run().report(format::text, {.width = 100}));
}

TEST(TextReport, ATableInANarrowWindow) {
    const auto text = test::mixed_run().report(format::text, {.width = 40});
    EXPECT_LE(widest_line(text), 40U);
    expect_golden("table_40.txt", text);
}

TEST(TextReport, NoLineIsWiderThanTheWindow) {
    const auto table = test::mixed_run();
    const auto map = test::grid_run(40, 40);
    for (std::size_t width = 20; width < 160; width += 7) {
        EXPECT_LE(widest_line(table.report(format::text, {.width = width})), width);
        EXPECT_LE(widest_line(map.report(format::text, {.width = width})), width);
        EXPECT_LE(widest_line(map.report(format::text, {.width = width, .height = 24})), width);
    }
}

TEST(TextReport, AnInterruptedRunSaysWhatIsMissing) {
    const auto cells = test::sample_cells();
    const test::stored_run run(test::sample_run(), cells,
                               {test::sample_trial(cells[0].id, 0, test::story::server_first)}, std::nullopt);
    const auto text = run.report(format::text);
    EXPECT_NE(text.find("warning: missing: 7 of 8 trials; --resume runs them\n"), std::string::npos) << text;
    EXPECT_NE(text.find("resolution not known"), std::string::npos) << text;
    EXPECT_NE(text.find("undecided  nothing   NO"), std::string::npos) << text;
}

TEST(TextReport, ARunWithoutCellsIsPrinted) {
    auto record = test::sample_run();
    record.expects.clear();
    const test::stored_run run(record, {}, {}, test::sample_end());
    EXPECT_NE(run.report(format::text).find("no first FIN in 0 trials"), std::string::npos);
}

TEST(TextReport, AStrangersTextCommandsNoTerminal) {
    constexpr auto hostile =
        "\x1b]0;owned\x07 \x1b[31mred\r\n\xE2\x80\xAEright to left \xFF\xC2\x9B"
        "2J";
    auto record = test::sample_run();
    record.title = record.name = record.sandbox = record.version = hostile;
    record.environment = {{hostile, hostile}};
    record.expects[0].article = record.expects[0].today = hostile;
    record.expects[0].when = {{hostile, hostile}};
    auto cells = test::sample_cells();
    for (auto& cell : cells) {
        cell.id += hostile;
        cell.params.emplace_back("zz", cell.id);
    }
    record.axes.push_back({"zz", {}});
    auto end = test::sample_end();
    end.warnings = {hostile};
    auto conflict = test::sample_trial(cells[0].id, 0, test::story::contradicted);
    conflict.verdict.conflict += hostile;
    auto invalid = test::sample_trial(cells[0].id, 1, test::story::server_first);
    invalid.verdict.invalid = hostile;
    const test::stored_run run(record, cells, {conflict, invalid}, end);
    for (const std::size_t width : {40UL, 200UL}) {
        const auto text = run.report(format::text, {.width = width});
        for (const auto* part : {"\x1b", "\x07", "\r", "\xFF", "\xC2\x9B", "\xE2\x80\xAE"})
            EXPECT_EQ(text.find(part), std::string::npos) << text;
        EXPECT_LE(widest_line(text), width);
    }
    EXPECT_TRUE(
        run.report(format::text).starts_with("\\x1b]0;owned\\x07 \\x1b[31mred  \\u202eright to left \\xff\\u009b2J\n"));
}

TEST(TerminalText, CountsColumns) {
    EXPECT_EQ(display_width("plain"), 5U);
    EXPECT_EQ(display_width("é"), 1U);
    EXPECT_EQ(display_width("e\xCC\x81"), 1U);
    EXPECT_EQ(display_width("谁先"), 4U);
}

TEST(TerminalText, WrapsAtSpacesThenAtMarksThenAnywhere) {
    using lines = std::vector<std::string>;
    EXPECT_EQ(wrapped("", 10), lines{""});
    EXPECT_EQ(wrapped("one two three", 7), (lines{"one two", "three"}));
    EXPECT_EQ(wrapped("server.keepalive_timeout", 10), (lines{"server.", "keepalive_", "timeout"}));
    EXPECT_EQ(wrapped("abcdefgh", 3), (lines{"abc", "def", "gh"}));
    EXPECT_EQ(wrapped("谁先关闭", 3), (lines{"谁", "先", "关", "闭"}));
    EXPECT_EQ(wrapped("谁", 1), lines{"谁"});
}

TEST(TerminalText, GroupsDigits) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1000), "1,000");
    EXPECT_EQ(grouped(18'446'744'073'709'551'615U), "18,446,744,073,709,551,615");
}

}  // namespace
}  // namespace firstfin::report
