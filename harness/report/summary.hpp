#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/report/expectation.hpp"
#include "harness/store/run_db.hpp"

// A run counted: one pass over its results, without timelines. Every format prints from this value.

namespace firstfin::report {

/// How often each value of an enumeration occurred. Enumerators count from 0 without holes.
template <named_enum Enum>
class tally {
public:
    void add(Enum value) { ++counts_[static_cast<std::size_t>(value)]; }
    [[nodiscard]] std::uint32_t operator[](Enum value) const { return counts_[static_cast<std::size_t>(value)]; }
    [[nodiscard]] std::uint32_t total() const {
        std::uint32_t sum = 0;
        for (const auto one : counts_)
            sum += one;
        return sum;
    }
    tally& operator+=(const tally& other) {
        for (std::size_t i = 0; i < counts_.size(); ++i)
            counts_[i] += other.counts_[i];
        return *this;
    }
    /// The value that at least 95 % of `trials` agree on.
    [[nodiscard]] std::optional<Enum> agreed(std::uint32_t trials) const {
        for (const auto& [value, name] : names_of<Enum>)
            if (trials != 0 && std::uint64_t{(*this)[value]} * 100 >= std::uint64_t{trials} * 95) return value;
        return std::nullopt;
    }

private:
    std::array<std::uint32_t, names_of<Enum>.size()> counts_{};
};

struct request_totals {
    std::uint64_t sent = 0;
    std::uint64_t answered = 0;
    std::uint64_t stale_reuse = 0;
    std::uint64_t true_race = 0;
};

/// Counts of a cell or of a run. Invalid trials are in `trials` and `invalid` and nowhere else. Conflicts are valid
/// trials whose first FIN the witnesses dispute: they are missing in first_fin and closer alone.
struct trial_counts {
    std::uint32_t trials = 0;
    std::uint32_t invalid = 0;
    std::uint32_t conflicts = 0;
    tally<party> first_fin;
    tally<party> closer;  ///< who sent the first FIN or, without any FIN, the RST
    tally<party> time_wait;
    tally<firstfin::ending> ending;
    tally<party> reset;
    request_totals requests;

    [[nodiscard]] std::uint32_t valid() const { return trials - invalid; }
    void add(const verdict& one);
    trial_counts& operator+=(const trial_counts& other);
};

/// Percentiles by nearest rank; the median of an even number of values is the middle between two.
struct spread {
    duration min{};
    duration median{};
    duration p99{};
    duration max{};
};

/// Sorts `values`; nothing when there are none.
[[nodiscard]] std::optional<spread> spread_of(std::vector<duration>& values);

struct cell_summary {
    store::cell_record cell;  ///< its params are those that differ between cells; summary::common holds the rest
    trial_counts counts;
    std::optional<spread> idle_at_close;  ///< of valid trials without conflict
    std::optional<spread> client_age;     ///< of client programs: from their start to their first request
    bool tie_band = false;                ///< the sides' limits are nearer than the run's resolution: shown, not judged

    /// The prediction does not hold, outside the tie band.
    [[nodiscard]] bool differs_from_prediction() const;
};

/// What client programs opened beside the connections that were observed.
struct other_connections {
    std::uint32_t never_used = 0;
    std::uint32_t used = 0;
    tally<party> first_fin;               ///< of the never used ones
    std::optional<spread> idle_at_close;  ///< of those too, since their handshake
};

struct dispute {
    std::string cell;
    std::uint32_t trial = 0;
    std::string words;
};

struct summary {
    store::run_record run;
    std::optional<store::run_end_record> end;
    store::text_pairs common;
    std::vector<cell_summary> cells;
    trial_counts total;
    other_connections others;
    std::vector<expect_result> expects;
    std::vector<dispute> disputes;  ///< the first few conflicts
    std::map<std::string, std::uint32_t> invalid_reasons;
    std::uint64_t planned_trials = 0;

    [[nodiscard]] store::text_pairs params_of(const cell_summary& one) const;
    [[nodiscard]] std::uint64_t missing() const {
        return planned_trials > total.trials ? planned_trials - total.trials : 0;
    }
    /// Ctrl-C, kill, or still running.
    [[nodiscard]] bool interrupted() const { return !end || end->interrupted || missing() != 0; }
    [[nodiscard]] bool is_scaled() const { return run.time_scale != 1; }
    /// A conflict, an invalid trial or a missed expectation: exit code 1.
    [[nodiscard]] bool has_findings() const;
};

[[nodiscard]] summary summarise(const store::run_db& run);

/// `common` and `own` parameters of a cell hold every pair of `when`.
[[nodiscard]] bool selects(const store::text_pairs& when, const store::text_pairs& common,
                           const store::text_pairs& own);

}  // namespace firstfin::report
