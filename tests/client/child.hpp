#pragma once

#include <string>
#include <vector>

#include "core/duration.hpp"

namespace firstfin::testing {

/// firstfin-client as a process, with pipes.
class child {
public:
    explicit child(std::vector<std::string> arguments);
    ~child();
    child(const child&) = delete;
    child& operator=(const child&) = delete;

    void write_and_close(std::string_view input);
    void signal(int number) const;
    /// The reader goes away.
    void close_output();
    /// Standard output up to and including the first line that contains `text`.
    [[nodiscard]] std::string read_until(std::string_view text, duration patience = std::chrono::seconds(20));
    /// Everything until the process closed standard output; its end is waited for, and a process that will not end is
    /// killed.
    [[nodiscard]] std::string read_to_end(duration patience = std::chrono::seconds(20));
    [[nodiscard]] std::string errors();
    /// After read_to_end(); -1: it did not exit by itself.
    [[nodiscard]] int exit_code();
    /// Resident set and heap numbers of /proc/PID/status.
    [[nodiscard]] std::string status() const;

private:
    [[nodiscard]] bool read_some(duration patience);

    int pid_ = -1;
    int input_ = -1;
    int output_ = -1;
    int errors_ = -1;
    int exit_code_ = -1;
    bool over_ = false;
    std::string seen_;
};

}  // namespace firstfin::testing
