#include "harness/run/settling.hpp"

#include <array>

namespace firstfin::run {

using namespace std::chrono_literals;

namespace {

/// Segments reach the harness a block time-out (10 ms) after the kernel saw them, more on a busy machine.
constexpr duration wire_lag = 50ms;
/// Longer than this, and the segments are not late but lost.
constexpr duration wire_patience = 2s;
/// TIME_WAIT itself ends after 60 s: whatever is still transient by now is the answer.
constexpr duration table_patience = 50s;

}  // namespace

time_point next_question(const settling& one) {
    constexpr std::array<duration, 4> schedule{0ms, 1ms, 10ms, 100ms};
    if (one.asked < schedule.size()) return one.since + schedule[one.asked];
    return one.since + 100ms * (one.asked - schedule.size() + 2);
}

bool is_transient(std::optional<tcp_state> state) {
    if (!state) return false;
    switch (*state) {
        case tcp_state::time_wait:
        case tcp_state::closed:
            return false;
        default:
            return true;
    }
}

bool runs_out(std::optional<tcp_state> state) {
    if (!state) return false;
    switch (*state) {
        case tcp_state::fin_wait_1:
        case tcp_state::fin_wait_2:
        case tcp_state::closing:
        case tcp_state::last_ack:
        case tcp_state::time_wait:
            return true;
        default:
            return false;
    }
}

void add_answer(std::vector<witness::state_sample>& samples, const witness::state_sample& answer) {
    std::array<witness::state_sample*, 2> latest{};
    for (auto one = samples.rbegin(); one != samples.rend() && latest[1] == nullptr; ++one)
        if (one->of == answer.of) (latest[0] == nullptr ? latest[0] : latest[1]) = &*one;
    const bool stays = latest[1] != nullptr && latest[0]->state == answer.state && latest[1]->state == answer.state;
    if (stays)
        latest[0]->at = answer.at;
    else
        samples.push_back(answer);
}

bool wire_is_complete(std::span<const witness::segment> segments) {
    std::array<std::optional<std::uint32_t>, 2> fin_end;
    std::array<bool, 2> acknowledged{};
    for (const auto& one : segments) {
        if (one.has(witness::tcp_flag::rst)) return true;
        const auto own = static_cast<std::size_t>(one.from);
        const auto peer = static_cast<std::size_t>(other(one.from));
        if (one.has(witness::tcp_flag::fin)) fin_end[own] = one.end();
        if (fin_end[peer] && one.has(witness::tcp_flag::ack) && !witness::seq_before(one.ack, *fin_end[peer]))
            acknowledged[peer] = true;
    }
    return acknowledged[0] && acknowledged[1];
}

readiness readiness_of(const settling& one, const witness::timeline& seen, time_point now) {
    const auto waited = now - one.since;
    if (one.asked == 0) return readiness::wait;
    if (one.follow) {
        const bool over = one.tables_settled || waited >= *one.follow;
        return over && waited >= wire_lag ? readiness::ready : readiness::wait;
    }
    if (one.at_deadline) return waited >= wire_lag ? readiness::ready : readiness::wait;
    if (!one.tables_settled && waited < table_patience) return readiness::wait;
    if (!seen.wire_watched || wire_is_complete(seen.segments)) return readiness::ready;
    return waited >= wire_patience ? readiness::ready_without_wire : readiness::wait;
}

}  // namespace firstfin::run
