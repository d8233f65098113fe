#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/validate/finding.hpp"
#include "harness/validate/fixing/edit.hpp"
#include "server/nginx_conf/configuration.hpp"

// What the safe fixes of some findings make of a configuration: edits that keep everything else as it was written, and
// the configuration read again from the result. Nothing touches the disk.

namespace firstfin::validate::fixing {

struct changed_file {
    std::size_t file = 0;  ///< among configuration::files
    std::vector<edit> edits;
    std::string text;  ///< with them
};

/// Findings whose fix is not made.
struct left_out {
    std::vector<std::size_t> findings;  ///< indices
    std::string why;                    ///< may hold text of the configuration: see nginx_conf::printable
};

struct fix_plan {
    std::vector<changed_file> files;    ///< by file; one that several names lead to stands here once
    std::vector<std::size_t> findings;  ///< indices of those whose fix is made
    std::vector<left_out> left;
    nginx_conf::configuration fixed;  ///< has the same files; without changes as it was

    [[nodiscard]] bool empty() const { return files.empty(); }
    /// Where what stood at these places stands now.
    [[nodiscard]] std::vector<nginx_conf::position> moved(std::vector<nginx_conf::position> places,
                                                          const nginx_conf::configuration& before) const;
};

/// Why a plan is not to be followed.
struct protest {
    std::string why;
    nginx_conf::position at{};  ///< in fix_plan::fixed: what decides of the trouble; a change there is to blame
};
/// What it does not protest against is kept.
using objection = std::function<std::vector<protest>(const fix_plan&)>;

/// Fixes of findings that nobody ignores. Not made are: two that want different values for one directive (notes give
/// way to findings of more weight); those with
/// comments in the way; those after which nginx of this version would refuse the configuration, or warn of something
/// new; those with an objection. `below` is asked for what the configuration did not read yet.
[[nodiscard]] fix_plan plan_fixes(const nginx_conf::configuration& read, std::span<const finding> findings,
                                  const nginx_conf::nginx_version& version,
                                  const nginx_conf::file_access& below = nginx_conf::files_on_disk(),
                                  const objection& objects = {});

}  // namespace firstfin::validate::fixing
