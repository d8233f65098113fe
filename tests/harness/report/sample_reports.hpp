#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/report/report.hpp"
#include "tests/harness/store/sample_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::test {

/// A run on disk, for reports to read.
class stored_run {
public:
    stored_run(const store::run_record& run, const std::vector<store::cell_record>& cells,
               const std::vector<store::trial_record>& trials, const std::optional<store::run_end_record>& end);

    [[nodiscard]] std::string report(report::format as, const report::text_options& options = {}) const;
    [[nodiscard]] store::run_db open() const { return store::run_db::open_to_read(folder_.path()); }

private:
    temporary_folder folder_;
};

/// Four cells that hold every kind of outcome: agreement, a mixture, a conflict, an invalid trial, losses, an open
/// connection.
[[nodiscard]] stored_run mixed_run();

/// server.keepalive_timeout down and client.idle_timeout across, `size` steps of 100 ms each; the earlier limit closes,
/// and on the diagonal the server. `change` may alter a trial.
[[nodiscard]] stored_run grid_run(std::size_t down, std::size_t across,
                                  const std::function<void(store::trial_record&)>& change = {});

}  // namespace firstfin::test
