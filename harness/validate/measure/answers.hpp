#pragma once

#include <string>
#include <vector>

#include "harness/experiment/plan.hpp"
#include "harness/report/summary.hpp"
#include "harness/validate/measure/questions.hpp"

namespace firstfin::validate::measure {

/// A prediction beside what was measured.
struct answer {
    question about;
    std::uint32_t trials = 0;  ///< valid ones, conflicts included
    std::uint32_t server_first = 0;
    std::uint32_t client_first = 0;
    std::uint32_t crossed = 0;
    std::uint32_t conflicts = 0;
    std::uint32_t invalid = 0;
    std::uint32_t nginx_waits = 0;                  ///< trials that left TIME_WAIT at nginx
    std::uint32_t peer_waits = 0;                   ///< and at the other side
    report::request_totals requests{};              ///< at the edge: how many there were, and how many were lost
    std::optional<report::spread> idle_at_close{};  ///< as measured: scaled
    std::optional<bool> as_predicted{};             ///< nothing where the prediction leaves it open
    std::string why_not{};                          ///< not measured, and why
};

struct answers {
    std::vector<answer> rows;
    std::vector<unasked> left;
    double time_scale = 1;
    std::string sandbox;

    [[nodiscard]] bool all_as_predicted() const;
};

/// `plans` are of experiment_of(asked, ...), `runs` their results in the same order.
[[nodiscard]] answers answers_of(const questions& asked, const std::vector<experiment::plan>& plans,
                                 const std::vector<report::summary>& runs);

[[nodiscard]] std::string as_text(const answers& of, std::size_t width);
[[nodiscard]] std::string as_json(const answers& of);

}  // namespace firstfin::validate::measure
