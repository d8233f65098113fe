#pragma once

#include <filesystem>
#include <string>

#include "harness/bench/result.hpp"
#include "harness/store/folder_lock.hpp"

namespace firstfin::bench {

/// A benchmark on disk: bench.json in a folder of its own, whole at every moment.
class kept_run {
public:
    /// Makes the folder, and keeps other processes from writing there. Throws bad_input when something is in it
    /// already, environment_lacks when it cannot be made.
    explicit kept_run(std::filesystem::path folder);

    /// What there is so far takes the place of what there was. Throws environment_lacks (disk full).
    void write(const bench_run& so_far) const;

private:
    std::filesystem::path folder_;
    store::folder_lock lock_;
};

/// A benchmark, and no experiment, is kept in `folder`.
[[nodiscard]] bool is_bench_run(const std::filesystem::path& folder);

/// Throws bad_input, with the file's name, for what is none or is damaged.
[[nodiscard]] bench_run read_kept(const std::filesystem::path& folder);

}  // namespace firstfin::bench
