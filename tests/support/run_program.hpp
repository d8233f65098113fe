#pragma once

#include <string>
#include <vector>

namespace firstfin::test {

struct program_output {
    int exit_code = -1;  ///< 127: no such program; 128 + signal when a signal ended it
    std::string out;
    std::string err;
};

/// Runs a program found in PATH to its end.
program_output run_program(const std::vector<std::string>& command);

}  // namespace firstfin::test
