#include "harness/explain/explanation.hpp"

#include "harness/model/model.hpp"

namespace firstfin::explain {

prediction_check check_prediction(const explanation& one) {
    const auto& seen = one.trial.verdict;
    const auto predicted = parse_enum<model::closer>(one.cell.predicted);
    const bool tie = one.cell.margin && one.resolution_ms &&
                     std::chrono::duration<double, std::milli>(*one.cell.margin).count() < *one.resolution_ms;
    if (!predicted || *predicted == model::closer::undecided || tie || !seen.conflict.empty() || !seen.invalid.empty())
        return prediction_check::not_judged;
    const auto closer = seen.first_fin == party::none ? seen.reset : seen.first_fin;
    const auto wanted = *predicted == model::closer::server   ? party::server
                        : *predicted == model::closer::client ? party::client
                                                              : party::none;
    return closer == wanted ? prediction_check::holds : prediction_check::fails;
}

}  // namespace firstfin::explain
