#pragma once

#include <optional>
#include <string>

#include "harness/model/model.hpp"
#include "harness/validate/hop.hpp"
#include "harness/validate/system_figures.hpp"

namespace firstfin::validate {

/// What an idle connection of one hop comes to, with one peer.
struct outlook {
    model::closer first =
        model::closer::nobody;        ///< server and client of that hop: nginx is the server of what comes in
    std::optional<time_window> when;  ///< after the last response; zero: right after it
    model::closer time_wait = model::closer::nobody;  ///< who holds it
    std::optional<double> time_wait_least;            ///< entries at the rate: what reuse cannot avoid
    std::optional<double> time_wait_most;             ///< every request on a connection of its own
    std::string lost;  ///< which requests an idle close can destroy: "none", "POST", "any"
    std::string why;   ///< in a sentence
};

[[nodiscard]] outlook outlook_of(const client_hop& hop, const peer& client, const system_figures& system);
/// `backend` null: nobody said what is there.
[[nodiscard]] outlook outlook_of(const upstream_hop& hop, const peer* backend, const system_figures& system);

/// The closer that must be later has to be later by this much: 5 s, the other's window, or nginx's timer slack.
[[nodiscard]] duration margin(duration nginx_limit, std::optional<time_window> others);

}  // namespace firstfin::validate
