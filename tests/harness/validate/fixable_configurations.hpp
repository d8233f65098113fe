#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/validate/validation.hpp"

namespace firstfin::test {

/// A configuration in which `rule` finds something and has a safe fix for it.
struct fixable {
    std::string name;
    std::string rule;  ///< empty: there may be none
    std::string text;  ///< a main file
    std::vector<std::string> options;
};

inline void PrintTo(const fixable& row, std::ostream* to) {
    *to << row.name;
}

/// At least one for every rule that has a safe fix.
[[nodiscard]] const std::vector<fixable>& fixable_configurations();

/// The labelled ones, which may have something to fix.
[[nodiscard]] std::vector<fixable> labelled_configurations();

/// One of them, asked of one version of nginx, whatever its options say.
struct fixable_reading {
    validate::question asked;
    nginx_conf::file_access access;
    nginx_conf::configuration read;
};

/// Nothing when that version refuses it.
[[nodiscard]] std::optional<fixable_reading> read_fixable(const fixable& row, const std::string& version);

}  // namespace firstfin::test
