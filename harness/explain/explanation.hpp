#pragma once

#include <optional>
#include <string>

#include "harness/explain/ladder.hpp"
#include "harness/report/text_options.hpp"
#include "harness/store/run_record.hpp"

namespace firstfin::explain {

/// What a prediction is worth for one trial.
enum class prediction_check : std::uint8_t { holds, fails, not_judged };

/// One connection and all that is said of it. Everything the outputs need, and no file behind it.
struct explanation {
    store::run_record run;
    store::cell_record cell;        ///< with every parameter
    store::text_pairs distinctive;  ///< those of its parameters that differ between the run's cells
    std::size_t number = 0;         ///< in the plan, from 1
    std::size_t cells = 0;          ///< in the plan
    store::trial_record trial;
    std::string predicted_why;                  ///< empty when it cannot be said any more
    std::optional<double> resolution_ms;        ///< of the run; nothing before its end
    bool captured = true;                       ///< the run's capture was there to be read
    std::vector<std::string> capture_troubles;  ///< files that could not be read
    ladder picture;
};

/// Against the prediction stored with the cell; limits nearer to each other than the run's resolution are not judged.
[[nodiscard]] prediction_check check_prediction(const explanation& one);

/// For a person: the ladder of segments, the verdict, its evidence, the prediction. No line is wider than
/// `options.width`; below 78 columns the ladder becomes a list with the same facts.
[[nodiscard]] std::string to_text(const explanation& one, const report::text_options& options);

/// Schema 1: the run, the cell, the trial as in a line of `report --format jsonl`, the ladder and the prediction.
[[nodiscard]] std::string to_json(const explanation& one);

}  // namespace firstfin::explain

namespace firstfin {
template <>
inline constexpr std::array names_of<explain::prediction_check> = {
    enum_name<explain::prediction_check>{explain::prediction_check::holds, "holds"},
    enum_name<explain::prediction_check>{explain::prediction_check::fails, "fails"},
    enum_name<explain::prediction_check>{explain::prediction_check::not_judged, "not judged"}};
}  // namespace firstfin
