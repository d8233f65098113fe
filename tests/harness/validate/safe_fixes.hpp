#pragma once

#include <string>
#include <vector>

#include "harness/validate/fixing/fixing.hpp"

namespace firstfin::test {

/// What is wrong with the safe fixes of a configuration, a sentence each: a fix that leaves its finding, brings a
/// warning or an error that was not there, or is offered again after it was made.
[[nodiscard]] std::vector<std::string> faults_of_fixes(const nginx_conf::configuration& read,
                                                       const validate::question& asked,
                                                       const nginx_conf::file_access& below);

/// Whose fixes are made when all are asked for.
[[nodiscard]] std::vector<std::string> fixed_rules(const nginx_conf::configuration& read,
                                                   const validate::question& asked,
                                                   const nginx_conf::file_access& below);

/// The text of its only file with all safe fixes.
[[nodiscard]] std::string with_all_fixes(const nginx_conf::configuration& read, const validate::question& asked,
                                         const nginx_conf::file_access& below);

}  // namespace firstfin::test
