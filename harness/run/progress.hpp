#pragma once

#include <cstdio>
#include <string>

#include "harness/run/runner.hpp"

namespace firstfin::run {

/// One line, rewritten in place: bar, time, trials, sockets by state. Silent when `out` is not a terminal.
class terminal_progress : public progress_display {
public:
    explicit terminal_progress(std::FILE* out);
    void show(const std::vector<std::unique_ptr<job>>& jobs, duration elapsed) override;
    void clear() override;

private:
    std::FILE* out_;
    bool terminal_;
    std::uint64_t memory_;  ///< for client programs, as it was at the start
};

/// What the line says; separate so that it can be tested.
struct progress_facts {
    duration elapsed{};
    duration expected{};
    std::uint64_t finished = 0;
    std::uint64_t wanted = 0;
    std::map<tcp_state, std::size_t> states;
};
[[nodiscard]] std::string progress_line(const progress_facts& facts, std::size_t width);

}  // namespace firstfin::run
