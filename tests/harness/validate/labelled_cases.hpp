#pragma once

#include <set>
#include <string>
#include <vector>

// The labelled configurations of tests/harness/validate/labelled; its README has the format.

namespace firstfin::test {

struct labelled_case {
    std::string name;
    std::string file;
    std::vector<std::string> options;
    std::set<std::string> near_misses;
    std::set<std::string> expected;  ///< "rule:line:severity"
    std::string text;
};

std::vector<labelled_case> labelled_cases();

}  // namespace firstfin::test
