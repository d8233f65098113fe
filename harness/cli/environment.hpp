#pragma once

#include <map>
#include <string>

#include "harness/experiment/plan.hpp"
#include "harness/sandbox/kind.hpp"
#include "harness/sandbox/network_namespace.hpp"
#include "harness/store/run_record.hpp"
#include "harness/subjects/subject.hpp"

namespace firstfin::cli {

// What a reader of the results must know of the machine: kernel, processors, sysctls that decide TIME_WAIT, versions.
// Programs that play a side are asked for theirs.
/// What holds for every measurement here, experiment or benchmark; sysctls are those of `inside`.
[[nodiscard]] store::text_pairs describe_machine(sandbox::kind where, const sandbox::network_namespace& inside);
/// "nginx" and the line in which each program tells its version.
[[nodiscard]] store::text_pairs program_versions(const std::map<std::string, subjects::installation>& programs);
[[nodiscard]] store::text_pairs describe_environment(sandbox::kind where, const experiment::plan& what);

}  // namespace firstfin::cli
