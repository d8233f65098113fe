#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/explain/explanation.hpp"
#include "harness/store/run_db.hpp"

namespace firstfin::explain {

/// One trial of the cell at `place` in the plan, with its messages from the captures in the run's `folder`. Without a
/// number the first that shows a conflict, else the first there is. Throws bad_input, saying which there are.
[[nodiscard]] explanation explain_trial(const store::run_db& run, const std::filesystem::path& folder,
                                        std::size_t place, std::optional<std::uint32_t> number);

/// A table of cells: number, id, what is distinctive, what was seen. At most `limit` of them, and how many more there
/// are.
[[nodiscard]] std::string list_of_cells(const store::run_db& run, const std::vector<std::size_t>& places,
                                        std::size_t limit, const report::text_options& options);

/// Every cell, for machines: {"schema":1,"cells":[{"number","id","params","trials","conflicts","invalid"}]}; params are
/// those that differ between the cells.
[[nodiscard]] std::string list_of_cells_json(const store::run_db& run);

}  // namespace firstfin::explain
