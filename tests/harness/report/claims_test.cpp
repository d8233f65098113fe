#include "harness/report/claims.hpp"

#include <gtest/gtest.h>

namespace firstfin::report {
namespace {

summary run_with(std::string name, std::vector<std::string> claims) {
    summary out;
    out.run.name = std::move(name);
    for (auto& claim : claims) {
        expect_result one;
        one.expect.claim = std::move(claim);
        one.expect.said = "a | said\x1b[31m";
        one.expect.because = "because";
        one.detail = "server";
        one.status = claim_status::reproduced;
        out.expects.push_back(one);
    }
    return out;
}

std::vector<std::string> order(const std::vector<claim_row>& rows) {
    std::vector<std::string> out;
    for (const auto& row : rows)
        out.push_back(row.claim + row.run);
    return out;
}

TEST(Claims, OfAllRunsComeInTheirOwnOrder) {
    const std::vector runs{run_with("a", {"10", "2", ""}), run_with("b", {"9", "2", "10b"})};
    EXPECT_EQ(order(claims_of(runs)), (std::vector<std::string>{"2a", "2b", "9b", "10a", "10bb"}));
}

TEST(Claims, OfAnExperimentThatWasLeftOutSayWhy) {
    auto rows = claims_of(std::vector{run_with("a", {"5"})});
    const auto left = run_with("b", {"3", ""});
    add_left_out(rows, "b", std::vector{left.expects[0].expect, left.expects[1].expect}, "no scale reaches it");
    EXPECT_EQ(order(rows), (std::vector<std::string>{"3b", "5a"}));
    EXPECT_EQ(rows[0].status, claim_status::not_shown);
    EXPECT_EQ(rows[0].because, "no scale reaches it");
}

TEST(Claims, FitTheTerminalAndNeverCommandIt) {
    const auto rows = claims_of(std::vector{run_with("a", {"1", "2"})});
    const auto text = claims_as_text(rows, 40);
    for (std::size_t from = 0; from < text.size();) {
        const auto to = text.find('\n', from);
        EXPECT_LE(to - from, 40U) << text.substr(from, to - from);
        from = to + 1;
    }
    for (const auto& each : {text, claims_as_markdown(rows)})
        EXPECT_EQ(each.find('\x1b'), std::string::npos);
    EXPECT_NE(text.find("2 reproduced"), std::string::npos);
}

TEST(Claims, MarkdownCellsHoldNoBarsOfTheirOwn) {
    const auto table = claims_as_markdown(claims_of(std::vector{run_with("a", {"1"})}));
    EXPECT_NE(table.find("| 1 | a \\| said"), std::string::npos) << table;
}

TEST(Claims, CsvHasALinePerClaim) {
    const auto table = claims_as_csv(claims_of(std::vector{run_with("a", {"1", "2"})}));
    EXPECT_EQ(std::ranges::count(table, '\n'), 3);
    EXPECT_TRUE(table.starts_with("claim,said,measured,verdict,because,experiment,scaled\n"));
}

TEST(Claims, NothingIsNothing) {
    EXPECT_EQ(claims_as_text({}, 80), "");
}

}  // namespace
}  // namespace firstfin::report
