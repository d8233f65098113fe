#include "harness/report/claims.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "harness/report/csv_line.hpp"
#include "harness/report/terminal_text.hpp"

namespace firstfin::report {

namespace {

constexpr std::array statuses{claim_status::reproduced, claim_status::not_reproduced, claim_status::undecided,
                              claim_status::not_shown, claim_status::nothing_claimed};

/// "9" before "10", "10" before "10a".
std::pair<unsigned long, std::string> order_of(const claim_row& row) {
    std::size_t digits = 0;
    while (digits < row.claim.size() && digits < 9 && row.claim[digits] >= '0' && row.claim[digits] <= '9')
        ++digits;
    return {digits == 0 ? 0 : std::stoul(row.claim.substr(0, digits)), row.claim.substr(digits)};
}

void sort(std::vector<claim_row>& rows) {
    std::ranges::stable_sort(rows, {}, order_of);
}

std::string verdict_of(const claim_row& row) {
    if (row.status == claim_status::nothing_claimed) return "measured";
    return std::string(to_text(row.status)) + (row.scaled && row.status != claim_status::not_shown ? " (SCALED)" : "");
}

std::string count_by_status(std::span<const claim_row> rows) {
    std::vector<std::string> parts;
    for (const auto status : statuses) {
        const auto count = std::ranges::count(rows, status, &claim_row::status);
        if (count == 0) continue;
        parts.push_back(fmt::format(
            "{} {}", count, status == claim_status::nothing_claimed ? "measured, not claimed" : to_text(status)));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

/// A cell of a pipe table: one line, no bars of its own.
std::string markdown_cell(std::string_view text) {
    std::string out;
    for (const char c : shown(text)) {
        if (c == '|' || c == '\\' || c == '<') out += '\\';
        out += c;
    }
    return out;
}

}  // namespace

std::vector<claim_row> claims_of(std::span<const summary> runs) {
    std::vector<claim_row> out;
    for (const auto& run : runs)
        for (const auto& one : run.expects) {
            if (one.expect.claim.empty()) continue;
            const bool hidden = one.status == claim_status::not_shown && !one.expect.not_shown.empty();
            out.push_back({one.expect.claim, one.expect.said, hidden ? "-" : one.detail, one.status,
                           hidden ? one.expect.not_shown : one.expect.because, run.run.name, run.is_scaled()});
        }
    sort(out);
    return out;
}

void add_left_out(std::vector<claim_row>& rows, const std::string& run, std::span<const store::expect_record> expects,
                  const std::string& why) {
    for (const auto& one : expects)
        if (!one.claim.empty())
            rows.push_back({one.claim, one.said, "-", claim_status::not_shown,
                            one.not_shown.empty() ? why : one.not_shown, run, true});
    sort(rows);
}

std::string claims_as_text(std::span<const claim_row> rows, std::size_t width) {
    if (rows.empty()) return {};
    std::string out = "claims\n";
    for (const auto& row : rows) {
        out += paragraph(fmt::format("{} {}: {}", shown(row.claim), verdict_of(row), shown(row.said)), width, 4);
        std::string rest = "    measured " + shown(row.measured);
        if (!row.because.empty()) rest += "; " + shown(row.because);
        out += paragraph(rest, width, 4);
    }
    return out + "\n" + paragraph(count_by_status(rows), width, 2);
}

std::string claims_as_markdown(std::span<const claim_row> rows) {
    std::string out = "| claim | the article says | measured | verdict | because |\n|---|---|---|---|---|\n";
    for (const auto& row : rows)
        out += fmt::format("| {} | {} | {} | {} | {} |\n", markdown_cell(row.claim), markdown_cell(row.said),
                           markdown_cell(row.measured), verdict_of(row), markdown_cell(row.because));
    return out + "\n" + count_by_status(rows) + "\n";
}

std::string claims_as_csv(std::span<const claim_row> rows) {
    std::string out = "claim,said,measured,verdict,because,experiment,scaled\n";
    for (const auto& row : rows) {
        csv_line line(out);
        for (const auto& text :
             {row.claim, row.said, row.measured, std::string(to_text(row.status)), row.because, row.run})
            line.text(text);
        line.number(row.scaled);
    }
    return out;
}

}  // namespace firstfin::report
