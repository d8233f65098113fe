#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "harness/bench/bench_csv.hpp"
#include "harness/bench/bench_markdown.hpp"
#include "harness/bench/bench_text.hpp"
#include "harness/report/terminal_text.hpp"
#include "tests/harness/bench/sample_bench.hpp"
#include "tests/support/golden.hpp"

namespace firstfin::bench {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);)
        out.push_back(line);
    return out;
}

TEST(BenchPrinting, TextOf80Columns) {
    test::expect_golden("bench.txt", as_text(sample_bench(), 80));
}

TEST(BenchPrinting, NoLineIsWiderThanTheWindow) {
    for (const std::size_t width : {40U, 60U, 80U, 200U})
        for (const auto& line : lines_of(as_text(sample_bench(), width)))
            EXPECT_LE(report::display_width(line), width) << line;
}

TEST(BenchPrinting, MarkdownTables) {
    const auto text = as_markdown(sample_bench());
    test::expect_golden("bench.md", text);
    // A name with a bar in it does not become two cells.
    EXPECT_NE(text.find("a\\|b"), std::string::npos);
}

TEST(BenchPrinting, CsvHasALineARepetition) {
    const auto lines = lines_of(as_csv(sample_bench()));
    ASSERT_EQ(lines.size(), 1U + 3U + 3U + 1U);
    const auto fields = [](const std::string& line) { return std::ranges::count(line, ','); };
    EXPECT_EQ(fields(lines[1]), fields(lines[0]));
    EXPECT_EQ(
        lines[1].rfind("builtin/64/1,builtin,64,1,client,,1,1000,1000,100,200,1500,12000,1234000,500,400,1000,2,", 0),
        0U)
        << lines[1];
}

}  // namespace
}  // namespace firstfin::bench
