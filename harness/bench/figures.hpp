#pragma once

#include <optional>
#include <span>

#include "harness/bench/result.hpp"

namespace firstfin::bench {

/// The middle value; of an even number, between the two. Nothing of nothing.
[[nodiscard]] std::optional<double> median(std::vector<double> values);

/// What one repetition says, in the units that are shown. Nothing: it cannot be known.
struct figures {
    std::optional<double> requests_per_s;
    std::optional<double> p50_us, p90_us, p99_us, p999_us, max_us;
    std::optional<double> client_cpu_us;  ///< a request
    std::optional<double> server_cpu_us;  ///< a request
    std::optional<double> opened;
    std::optional<double> opened_per_s;
    std::optional<double> requests_per_opened;  ///< nothing when none was opened: reuse without end
    std::optional<double> segments;             ///< a request
    std::optional<double> client_time_wait;     ///< the most at any moment
    std::optional<double> server_time_wait;
    std::optional<double> ports;
};
[[nodiscard]] figures figures_of(const repetition& one);

/// Medians over the repetitions that are measurements; over all of them where none is, which its printing says.
struct case_figures {
    figures middle;
    std::size_t kept = 0;  ///< repetitions that are measurements
    std::size_t of = 0;
};
[[nodiscard]] case_figures figures_of(const case_result& all);

/// The repetitions that are measurements.
[[nodiscard]] std::vector<repetition> kept_of(const case_result& all);

/// Errors of all repetitions, by class.
[[nodiscard]] std::map<std::string, std::uint64_t> errors_of(const case_result& all);
[[nodiscard]] first_fins first_fins_of(const case_result& all);

/// A ratio to the baseline, round by round: a round's repetitions ran close together, so what drifts is in both.
struct ratio {
    double middle = 0;
    /// About 95 %, by order statistics of the rounds' ratios (the sign test turned round), which asks nothing of how
    /// they are distributed. Fewer than six rounds cannot give that: then the smallest and the largest stand here.
    double low = 0;
    double high = 0;
    double confidence = 0;  ///< what the interval really has, 0 to 1

    [[nodiscard]] bool holds_one() const { return low <= 1 && high >= 1; }
};
/// Nothing where no round has both.
[[nodiscard]] std::optional<ratio> ratio_of(const case_result& one, const case_result& baseline,
                                            std::optional<double> figures::*which);

/// What a case is compared with: the one of the same target, connections and rate that has one request a connection;
/// else the first of those. Itself, when it is that.
[[nodiscard]] const case_result& baseline_of(const bench_run& run, const case_result& one);

}  // namespace firstfin::bench
