#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/store/run_record.hpp"

// What can be read off a trial and compared with a claim. Everything is a pure function of what the store holds.

namespace firstfin::measure {

enum class unit : std::uint8_t {
    word,     ///< one of a few answers
    number,   ///< a count, or a count a request
    seconds,  ///< a duration
};

/// What one trial answers.
struct reading {
    std::string word;  ///< of a word
    double number = 0;
};

/// The socket tables at the end of a run, by side.
struct last_counts {
    std::vector<store::state_count_record> of_stages;
};

struct measure {
    std::string_view name;
    std::string_view what;  ///< in words, for messages and --help
    unit in = unit::word;
    bool needs_wire = false;
    bool scales = false;  ///< follows the time scale: shown as it would be at scale 1
    std::function<std::optional<reading>(const store::trial_record&)> of_trial;  ///< empty for what only a run has
    std::function<std::optional<reading>(const last_counts&)> of_run;
};

[[nodiscard]] std::span<const measure> all();
/// Null for an unknown name.
[[nodiscard]] const measure* find(std::string_view name);
/// The names, for messages.
[[nodiscard]] std::string names();

/// What a reading is compared with: a word, a number, or "from..to".
struct expected {
    std::string word;
    double least = 0;
    double most = 0;
};
/// Refuses values that the measure can never give.
[[nodiscard]] result<expected> parse_expected(const measure& of, std::string_view text);
/// `tolerance` is what the instrument may be late, in the measure's unit.
[[nodiscard]] bool holds(const measure& of, const expected& wanted, const reading& seen, double tolerance);

/// "server", "4", "119.8s".
[[nodiscard]] std::string to_text(const measure& of, const reading& seen);

}  // namespace firstfin::measure
