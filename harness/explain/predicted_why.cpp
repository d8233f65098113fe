#include "harness/explain/predicted_why.hpp"

#include "harness/experiment/plan.hpp"

namespace firstfin::explain {

std::string predicted_why(const store::cell_record& cell, double time_scale, const catalogue& profiles) {
    experiment::experiment again;
    again.time_scale = time_scale;
    // What an nginx configuration said is among the other parameters; the file itself may be gone by now.
    bool from_nginx = false;
    for (const auto& [name, value] : cell.params) {
        from_nginx = from_nginx || name == experiment::nginx_key::digest;
        if (experiment::nginx_key::is_one(name)) continue;
        again.base.push_back({name, value, ""});
    }
    try {
        const auto plan = experiment::make_plan(std::move(again), profiles, experiment::scale_sensitive_cells::allow);
        const auto& made = plan.cells.at(0);
        const bool same = (from_nginx || made.id == cell.id) && to_text(made.predicted.first) == cell.predicted;
        return same ? made.predicted.why : std::string{};
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace firstfin::explain
