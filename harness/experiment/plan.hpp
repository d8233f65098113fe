#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/experiment/experiment.hpp"
#include "harness/model/model.hpp"

namespace firstfin::experiment {

/// One combination of everything that can differ, in two forms: as written, and scaled as the subjects will run it.
struct cell {
    std::string id;  ///< FNV-1a of the canonical parameters, 16 hex digits
    settings unscaled;
    settings scaled;
    model::prediction predicted;  ///< scaled
    std::string why_not_scaled;   ///< what keeps it from running at this time scale; empty: nothing
    bool never_scaled = false;    ///< and nobody can allow it
    std::uint32_t stage = 0;
};

/// What cells that share a pair of namespaces have in common.
struct stage_key {
    ip_family family{};
    duration link_delay{};
    std::map<std::string, std::string> server_sysctls;
    std::map<std::string, std::string> client_sysctls;
    std::optional<nginx_server> nginx;  ///< plays the server, for all of them
    program_choice server_program;      ///< or this does
    server_action action;               ///< on either of these two
    std::string client_program;         ///< plays every client, a process a trial

    friend auto operator<=>(const stage_key&, const stage_key&) = default;
};

/// The random numbers of one trial, from (seed, cell id, trial number) alone: order, shards and resume change nothing.
struct draws {
    double client_window = 0;  ///< share of the client's close window
    double server_window = 0;
    std::uint64_t jitter_seed = 0;
};
[[nodiscard]] draws draw(std::uint64_t seed, const std::string& cell_id, std::uint32_t number);

struct plan {
    experiment what;
    std::vector<cell> cells;     ///< in sweep order
    std::vector<cell> left_out;  ///< those that may not run at this time scale
    std::vector<stage_key> stages;
    std::string hash;  ///< of the ordered cell ids, replicates and expectations' cells

    [[nodiscard]] std::uint64_t trials() const { return std::uint64_t{cells.size()} * what.replicates; }
    /// The largest predicted first FIN; observation is extra.
    [[nodiscard]] duration longest_cell() const;
    /// From the start to the last trial's end.
    [[nodiscard]] duration expected_wall() const;
};

/// How long after its start a trial of this cell is given up: predicted end plus observation.
[[nodiscard]] duration observed_for(const cell& one, duration observe);

enum class scale_sensitive_cells { leave_out, allow };

/// Expands, scales, predicts and groups. Throws bad_input for settings that contradict each other.
[[nodiscard]] plan make_plan(experiment what, const catalogue& profiles, scale_sensitive_cells policy);

}  // namespace firstfin::experiment
