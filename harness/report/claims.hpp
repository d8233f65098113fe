#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/report/summary.hpp"

// Claims of several runs side by side: what was said, what was measured, whether it holds, and why.

namespace firstfin::report {

struct claim_row {
    std::string claim;
    std::string said;
    std::string measured;
    claim_status status{};
    std::string because;
    std::string run;  ///< name of the experiment
    bool scaled = false;
};

/// The expectations that carry a claim, by claim: numbers as numbers, and in file order within one.
[[nodiscard]] std::vector<claim_row> claims_of(std::span<const summary> runs);
/// The same of an experiment that was left out, and why.
void add_left_out(std::vector<claim_row>& rows, const std::string& run, std::span<const store::expect_record> expects,
                  const std::string& why);

/// Nothing without rows. No line is wider than `width`.
[[nodiscard]] std::string claims_as_text(std::span<const claim_row> rows, std::size_t width);
[[nodiscard]] std::string claims_as_markdown(std::span<const claim_row> rows);
[[nodiscard]] std::string claims_as_csv(std::span<const claim_row> rows);

}  // namespace firstfin::report
