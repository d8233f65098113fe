#pragma once

#include "harness/sandbox/kind.hpp"
#include "harness/store/run_record.hpp"

namespace firstfin::cli {

/// What a reader of the results must know of the machine: kernel, processors, sysctls that decide TIME_WAIT, versions.
[[nodiscard]] store::text_pairs describe_environment(sandbox::kind where);

}  // namespace firstfin::cli
