#pragma once

#include <string>

namespace firstfin::sandbox {

/// How a process ended.
struct exit_status {
    enum class by { exit, signal };

    by ended = by::exit;
    int number = 0;  ///< exit code or signal number

    [[nodiscard]] bool success() const { return ended == by::exit && number == 0; }
    friend bool operator==(const exit_status&, const exit_status&) = default;
};

/// From the status word of wait(2).
[[nodiscard]] exit_status exit_status_from_wait(int word);

/// "exit code 3", "signal 9 (Killed)"
[[nodiscard]] std::string to_text(const exit_status& status);

}  // namespace firstfin::sandbox
