#pragma once

#include "harness/experiment/plan.hpp"
#include "harness/sandbox/kind.hpp"
#include "harness/store/run_record.hpp"

namespace firstfin::cli {

/// What a reader of the results must know of the machine: kernel, processors, sysctls that decide TIME_WAIT, versions.
/// Programs that play a side are asked for theirs.
[[nodiscard]] store::text_pairs describe_environment(sandbox::kind where, const experiment::plan& what);

}  // namespace firstfin::cli
