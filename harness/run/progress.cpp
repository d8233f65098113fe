#include "harness/run/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "harness/run/preflight.hpp"

namespace firstfin::run {

namespace {

std::size_t width_of(std::FILE* out) {
    winsize size{};
    return ::ioctl(::fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : 80;
}

constexpr std::array shown_states{
    std::pair{tcp_state::established, "ESTAB"}, std::pair{tcp_state::time_wait, "TIME_WAIT"},
    std::pair{tcp_state::fin_wait_2, "FIN_WAIT_2"}, std::pair{tcp_state::close_wait, "CLOSE_WAIT"}};

}  // namespace

std::string progress_line(const progress_facts& facts, std::size_t width) {
    const double share =
        facts.expected == duration::zero() ? 1 : std::min(1.0, seconds_of(facts.elapsed) / seconds_of(facts.expected));
    constexpr std::size_t bar_width = 20;
    const auto filled = static_cast<std::size_t>(share * bar_width);
    std::string line = fmt::format("[{}{}] {:.1f}/{:.1f} s  {}/{} trials", std::string(filled, '#'),
                                   std::string(bar_width - filled, '.'), seconds_of(facts.elapsed),
                                   seconds_of(facts.expected), facts.finished, facts.wanted);
    for (const auto& [state, name] : shown_states)
        if (const auto found = facts.states.find(state); found != facts.states.end())
            line += fmt::format("  {} {}", name, found->second);
    return line.substr(0, width > 0 ? width - 1 : 0);
}

terminal_progress::terminal_progress(std::FILE* out)
    : out_(out), terminal_(::isatty(::fileno(out)) != 0), memory_(memory_for_programs()) {}

void terminal_progress::show(const std::vector<std::unique_ptr<job>>& jobs, duration elapsed) {
    if (!terminal_) return;
    progress_facts facts;
    facts.elapsed = elapsed;
    for (const auto& each : jobs) {
        facts.expected = std::max(facts.expected, expected_wall(each->plan(), memory_));
        facts.finished += each->trials_finished();
        facts.wanted += each->trials_wanted();
        for (const auto& [state, count] : each->states())
            facts.states[state] += count;
    }
    fmt::print(out_, "\r\033[K{}", progress_line(facts, width_of(out_)));
    std::fflush(out_);
}

void terminal_progress::clear() {
    if (!terminal_) return;
    fmt::print(out_, "\r\033[K");
    std::fflush(out_);
}

}  // namespace firstfin::run
