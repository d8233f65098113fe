#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/store/run_db.hpp"

namespace firstfin::explain {

/// What a person typed behind the run's folder.
struct wish {
    std::string cell;            ///< id, prefix of one, or number in the plan from 1; empty: not given
    store::text_pairs settings;  ///< name=value
    std::optional<std::uint32_t> trial;

    [[nodiscard]] bool names_a_cell() const { return !cell.empty() || !settings.empty(); }
};

/// CELL [TRIAL], or NAME=VALUE... [TRIAL]. Throws bad_input for anything else.
[[nodiscard]] wish wish_of(const std::vector<std::string>& words);

/// The places in the plan of every cell that fits; more than one is for the caller to list. Values are compared as
/// canonical text, so "2m" finds 120s. Throws bad_input when none fits, saying what there is.
[[nodiscard]] std::vector<std::size_t> fitting_cells(const store::cell_list& cells, const wish& wanted);

}  // namespace firstfin::explain
