#pragma once

#include <optional>
#include <string>

#include "core/profile.hpp"
#include "harness/experiment/plan.hpp"

// What two sides will do to each other, in an operator's words. Pure.

namespace firstfin::predict {

/// How often a measured client closed before the server's limit, of the closes that its profile holds.
struct share {
    std::size_t client_first = 0;
    std::size_t of = 0;
    std::string conditions;
};

struct forecast {
    experiment::settings sides;
    model::prediction outcome;
    std::optional<share> measured;  ///< only while undecided, and where the profile holds measurements that apply
    std::string lost_requests;      ///< whether a request can meet a closing connection, and who would notice
    std::string knob;               ///< what changes the outcome
};

/// `server` and `client`: ids of profiles, or empty for the defaults. `set`: "key=value", as for run. Throws bad_input.
[[nodiscard]] forecast make_forecast(const std::string& server, const std::string& client,
                                     const std::vector<std::string>& set, const catalogue& profiles);

[[nodiscard]] std::string as_text(const forecast& of, const catalogue& profiles, std::size_t width);
[[nodiscard]] std::string as_json(const forecast& of);

}  // namespace firstfin::predict
