#pragma once

#include "harness/sandbox/network_namespace.hpp"
#include "harness/store/run_record.hpp"

namespace firstfin::cli {

/// What a reader of the results must know of the machine: kernel, processors, sysctls that decide TIME_WAIT, versions.
[[nodiscard]] store::text_pairs describe_environment(const sandbox::network_namespace& inside);

}  // namespace firstfin::cli
