#pragma once

#include <functional>
#include <string>

#include "harness/report/text_options.hpp"
#include "harness/validate/fixing/fix_plan.hpp"
#include "harness/validate/validation.hpp"

// `--fix` and `--fix --write`: the safe fixes of a validation, as a diff and as files.

namespace firstfin::validate::fixing {

/// Judges a configuration by the same question as before.
using judge = std::function<validation(nginx_conf::configuration)>;

struct offered_fixes {
    fix_plan plan;
    validation after;                   ///< of what the changes make; without changes what it was
    std::string diff;                   ///< for a file or a pipe: bytes as they are; empty without changes
    std::size_t fixed = 0;              ///< findings that are gone then
    std::vector<std::size_t> new_ones;  ///< indices in after.findings: what was not found before
    std::string words;                  ///< what would be changed, what stays and why; printable, lines ended
    std::string hint;                   ///< how to apply the diff; the same

    [[nodiscard]] bool empty() const { return plan.empty(); }
};

/// Changes nothing. `width` is that of the words' lines.
[[nodiscard]] offered_fixes offer_fixes(const validation& made, const judge& again, std::size_t width,
                                        const nginx_conf::file_access& below = nginx_conf::files_on_disk());

/// The diff for a terminal: control characters visible, + and - lines in colour when there is any.
[[nodiscard]] std::string shown_diff(const std::string& diff, const report::text_options& how);

struct written_fixes {
    bool complete = true;  ///< every change is on the disk
    std::string words;     ///< which files were written, and why others were not; printable, lines ended
};

/// Throws bad_input when standard input would have to change: nothing is written then.
[[nodiscard]] written_fixes write_fixes(const validation& made, const offered_fixes& offered, std::size_t width);

}  // namespace firstfin::validate::fixing
