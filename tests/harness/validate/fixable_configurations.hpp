#pragma once

#include <string>
#include <vector>

namespace firstfin::test {

/// A configuration in which `rule` finds something and has a safe fix for it.
struct fixable {
    std::string name;
    std::string rule;
    std::string http;  ///< the contents of the http block
    std::vector<std::string> options;
};

inline void PrintTo(const fixable& row, std::ostream* to) {
    *to << row.name;
}

/// At least one for every rule that has a safe fix.
[[nodiscard]] const std::vector<fixable>& fixable_configurations();

}  // namespace firstfin::test
