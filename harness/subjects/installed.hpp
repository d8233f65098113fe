#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/subjects/subject.hpp"

namespace firstfin::subjects {

/// What is here of a program.
struct installed {
    std::string path;      ///< empty: it is not here
    std::string version;   ///< the line in which it tells its own; empty: it does not answer
    bool complete = true;  ///< the modules that it needs are here too

    [[nodiscard]] bool usable() const { return !path.empty() && complete; }
};

/// Asks all programs at once, for a few seconds: browsers take their time. In the order of the questions.
[[nodiscard]] std::vector<installed> ask_installed(std::span<const installation> programs);

/// The line of a program's answer that holds its version: the first with a digit.
[[nodiscard]] std::string version_line(std::string_view output);

}  // namespace firstfin::subjects
