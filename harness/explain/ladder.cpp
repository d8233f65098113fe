#include "harness/explain/ladder.hpp"

#include <algorithm>
#include <array>

namespace firstfin::explain {

using witness::segment;
using witness::timeline;

namespace {

/// Where each side's sequence numbers begin: at its SYN, or at the first that was captured.
class origins {
public:
    explicit origins(std::span<const segment> segments) {
        for (const auto& one : segments)
            if (auto& own = of(one.from); !own) own = one.seq;
    }
    [[nodiscard]] std::uint32_t seq(const segment& one) const { return one.seq - of(one.from).value_or(0); }
    [[nodiscard]] std::optional<std::uint32_t> ack(const segment& one) const {
        const auto& peer = of(other(one.from));
        if (!one.has(witness::tcp_flag::ack) || !peer) return std::nullopt;
        return one.ack - *peer;
    }

private:
    using origin = std::optional<std::uint32_t>;
    [[nodiscard]] origin& of(side one) { return first_[static_cast<std::size_t>(one)]; }
    [[nodiscard]] const origin& of(side one) const { return first_[static_cast<std::size_t>(one)]; }
    std::array<origin, 2> first_;
};

time_point moment_of(const auto& one) {
    return one.at;
}

}  // namespace

ladder ladder_of(const timeline& seen, std::span<const message_line> messages) {
    ladder out;
    out.before = states_before(seen.segments);
    const auto states = states_after_each(seen.segments);
    const origins from(seen.segments);
    std::vector<std::pair<time_point, step>> all;
    for (std::size_t at = 0; at < seen.segments.size(); ++at) {
        const auto& one = seen.segments[at];
        rung made{one, from.seq(one), from.ack(one), {}, states[at]};
        if (at < messages.size()) made.message = messages[at];
        all.push_back({moment_of(one), {{}, std::move(made)}});
    }
    for (const auto& one : seen.events)
        all.push_back({moment_of(one), {{}, one}});
    for (const auto& one : seen.samples)
        all.push_back({moment_of(one), {{}, one}});
    std::ranges::stable_sort(all, {}, [](const auto& one) { return one.first; });
    for (auto& [at, one] : all) {
        one.at = at - all.front().first;
        out.steps.push_back(std::move(one));
    }
    return out;
}

}  // namespace firstfin::explain
