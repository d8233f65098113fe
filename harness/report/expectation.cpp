#include "harness/report/expectation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/report/summary.hpp"
#include "harness/report/terminal_text.hpp"

namespace firstfin::report {

namespace {

/// A value that the measure never gives (a store from elsewhere) is met by nothing.
std::optional<measure::expected> wanted(const measure::measure& of, const std::string& text) {
    if (text.empty() || text == "undecided") return std::nullopt;
    const auto parsed = measure::parse_expected(of, text);
    return parsed ? std::optional(*parsed) : std::nullopt;
}

const measure::measure& measure_of(const store::expect_record& expect) {
    const auto* found = measure::find(expect.measure);
    if (found == nullptr)
        throw bad_input(fmt::format("the run expects an unknown measure '{}'", shown(expect.measure)));
    return *found;
}

/// An expectation with what it has seen so far, and the cells it looks at.
struct watched {
    const store::expect_record& expect;
    const measure::measure& of;
    observations seen;
    std::vector<bool> cells;
};

bool is_of_verdict(const measure::measure& of) {
    return of.name == "first_fin" || of.name == "time_wait" || of.name == "ending" || of.name == "reset";
}

measure::last_counts last_counts_of(const store::run_db& run) {
    std::map<std::pair<std::uint32_t, side>, store::state_count_record> last;
    run.for_each_state_count([&](const auto& one) { last[{one.stage, one.of}] = one; });
    measure::last_counts out;
    for (auto& [key, one] : last)
        out.of_stages.push_back(std::move(one));
    return out;
}

std::string why_not_shown(const store::expect_record& expect, const measure::measure& of, const std::string& sandbox) {
    if (!expect.not_shown.empty()) return expect.not_shown;
    if (of.needs_wire && sandbox == "loopback") return "it needs the wire, which the sandbox loopback cannot watch";
    return {};
}

}  // namespace

observations::observations(const store::expect_record& expect, double time_scale, double tolerance)
    : expect_(expect),
      of_(measure_of(expect)),
      article_(wanted(of_, expect.article)),
      today_(wanted(of_, expect.today)),
      time_scale_(of_.scales ? time_scale : 1),
      tolerance_(of_.scales ? tolerance / time_scale : 0) {}

void observations::add(const std::optional<measure::reading>& seen) {
    ++valid_;
    if (!seen) return;
    auto as_unscaled = *seen;
    as_unscaled.number /= time_scale_;
    if (article_ && measure::holds(of_, *article_, as_unscaled, tolerance_)) ++as_article_;
    if (today_ && measure::holds(of_, *today_, as_unscaled, tolerance_)) ++as_today_;
    if (of_.in == measure::unit::word)
        ++words_[as_unscaled.word];
    else
        numbers_.push_back(as_unscaled.number);
}

bool observations::enough(std::uint32_t trials) const {
    if (valid_ == 0) return false;
    return expect_.occurs ? trials != 0 : std::uint64_t{trials} * 100 >= std::uint64_t{valid_} * 95;
}

bool observations::met() const {
    if (valid_ == 0) return false;
    return expect_.today == "undecided" || enough(as_today_);
}

claim_status observations::status() const {
    if (!article_) return claim_status::nothing_claimed;
    if (valid_ == 0) return claim_status::not_shown;
    if (enough(as_article_)) return claim_status::reproduced;
    const bool hardly = std::uint64_t{as_article_} * 100 <= std::uint64_t{valid_} * 5;
    return hardly ? claim_status::not_reproduced : claim_status::undecided;
}

std::string observations::measured() const {
    if (valid_ == 0 || (words_.empty() && numbers_.empty())) return "nothing";
    if (of_.in == measure::unit::word) {
        for (const auto& [word, count] : words_)
            if (std::uint64_t{count} * 100 >= std::uint64_t{valid_} * 95) return word;
        return "undecided";
    }
    const auto [least, most] = std::ranges::minmax(numbers_);
    const auto from = measure::to_text(of_, {{}, least});
    const auto to = measure::to_text(of_, {{}, most});
    return from == to ? from : from + ".." + to;
}

std::string observations::in_detail() const {
    if (expect_.occurs && today_) return fmt::format("{} in {} of {} trials", expect_.today, as_today_, valid_);
    auto word = measured();
    if (word != "undecided" && words_.size() < 2) return word;
    std::vector<std::pair<std::string, std::uint32_t>> ordered(words_.begin(), words_.end());
    std::ranges::stable_sort(ordered, std::greater{}, [](const auto& one) { return one.second; });
    std::vector<std::string> parts;
    for (const auto& [text, count] : ordered)
        parts.push_back(fmt::format("{} {}", text, count));
    return fmt::format("{}", fmt::join(parts, "; "));
}

std::vector<expect_result> evaluate_expectations(const store::run_db& run, const summary& counted) {
    const double tolerance = counted.end ? counted.end->resolution_ms / 1000 : 0;
    std::vector<watched> all;
    bool needs_timelines = false;
    bool needs_counts = false;
    for (const auto& expect : counted.run.expects) {
        const auto& of = measure_of(expect);
        watched one{expect, of, observations(expect, counted.run.time_scale, tolerance), {}};
        for (const auto& cell : counted.cells)
            one.cells.push_back(selects(expect.when, counted.common, cell.cell.params));
        needs_counts = needs_counts || of.of_run;
        needs_timelines = needs_timelines || (of.of_trial && !is_of_verdict(of));
        all.push_back(std::move(one));
    }
    const auto look_at = [&](std::size_t cell, const store::trial_record& trial) {
        if (!trial.verdict.invalid.empty()) return;
        for (auto& one : all)
            if (one.of.of_trial && one.cells[cell])
                one.seen.add(trial.verdict.conflict.empty() ? one.of.of_trial(trial) : std::nullopt);
    };
    if (needs_timelines) {
        std::map<std::string_view, std::size_t> places;
        for (std::size_t place = 0; place < counted.cells.size(); ++place)
            places[counted.cells[place].cell.id] = place;
        run.for_each_trial([&](const store::trial_record& trial) { look_at(places.at(trial.cell), trial); });
    } else if (!all.empty()) {
        run.for_each_result([&](const store::trial_result& one) {
            store::trial_record trial;
            trial.verdict = one.verdict;
            look_at(one.cell, trial);
        });
    }
    if (needs_counts) {
        const auto counts = last_counts_of(run);
        for (auto& one : all)
            if (one.of.of_run) one.seen.add(one.of.of_run(counts));
    }
    std::vector<expect_result> out;
    for (const auto& one : all) {
        expect_result result{one.expect, one.seen.measured(), one.seen.in_detail(), one.seen.met(), one.seen.status()};
        result.expect.not_shown = why_not_shown(one.expect, one.of, counted.run.sandbox);
        if (!result.expect.not_shown.empty()) {
            result.met = true;
            result.status = claim_status::not_shown;
        }
        out.push_back(std::move(result));
    }
    return out;
}

}  // namespace firstfin::report
