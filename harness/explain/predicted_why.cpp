#include "harness/explain/predicted_why.hpp"

#include "harness/experiment/plan.hpp"

namespace firstfin::explain {

std::string predicted_why(const store::cell_record& cell, double time_scale, const catalogue& profiles) {
    experiment::experiment again;
    again.time_scale = time_scale;
    for (const auto& [name, value] : cell.params)
        again.base.push_back({name, value, ""});
    try {
        const auto plan = experiment::make_plan(std::move(again), profiles, experiment::scale_sensitive_cells::allow);
        const auto& made = plan.cells.at(0);
        const bool same = made.id == cell.id && to_text(made.predicted.first) == cell.predicted;
        return same ? made.predicted.why : std::string{};
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace firstfin::explain
