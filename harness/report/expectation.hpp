#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "core/text_value.hpp"
#include "harness/measure/measure.hpp"
#include "harness/store/run_db.hpp"

namespace firstfin::report {

/// What became of a claim.
enum class claim_status : std::uint8_t {
    nothing_claimed,
    reproduced,
    not_reproduced,
    undecided,  ///< neither: between 5 and 95 % of the trials show it
    not_shown,  ///< this run cannot tell
};

}  // namespace firstfin::report

namespace firstfin {
template <>
inline constexpr std::array names_of<report::claim_status> = {
    enum_name<report::claim_status>{report::claim_status::nothing_claimed, "nothing claimed"},
    enum_name<report::claim_status>{report::claim_status::reproduced, "reproduced"},
    enum_name<report::claim_status>{report::claim_status::not_reproduced, "not reproduced"},
    enum_name<report::claim_status>{report::claim_status::undecided, "undecided"},
    enum_name<report::claim_status>{report::claim_status::not_shown, "not shown"}};
}  // namespace firstfin

namespace firstfin::report {

/// Everything that trials said about one expectation.
class observations {
public:
    /// How far above a range a reading may be: what the instrument itself may be late.
    observations(const store::expect_record& expect, double time_scale, double tolerance);

    /// A valid trial; nothing: it does not show the measure.
    void add(const std::optional<measure::reading>& seen);

    [[nodiscard]] std::uint32_t valid() const { return valid_; }
    [[nodiscard]] bool met() const;
    [[nodiscard]] claim_status status() const;
    /// The word or the range of numbers that at least 95 % agree on, "undecided", "nothing".
    [[nodiscard]] std::string measured() const;
    /// The same with counts where the trials differ.
    [[nodiscard]] std::string in_detail() const;

private:
    [[nodiscard]] bool enough(std::uint32_t trials) const;

    const store::expect_record& expect_;
    const measure::measure& of_;
    std::optional<measure::expected> article_;
    std::optional<measure::expected> today_;
    double time_scale_;
    double tolerance_;
    std::uint32_t valid_ = 0;
    std::uint32_t as_article_ = 0;
    std::uint32_t as_today_ = 0;
    std::map<std::string, std::uint32_t> words_;
    std::vector<double> numbers_;
};

struct expect_result {
    store::expect_record expect;
    std::string measured;
    std::string detail;
    bool met = false;  ///< of `today`; also when this run cannot show it
    claim_status status = claim_status::nothing_claimed;
};

struct summary;

/// One pass over the run's results, or over its timelines when a measure needs them.
[[nodiscard]] std::vector<expect_result> evaluate_expectations(const store::run_db& run, const summary& counted);

}  // namespace firstfin::report
