#include "harness/verdict/wire_states.hpp"

#include <algorithm>
#include <array>
#include <deque>

namespace firstfin {

using witness::segment;
using witness::seq_before;
namespace tcp_flag = witness::tcp_flag;

namespace {

tcp_state after_sending(tcp_state now, const segment& one) {
    if (one.has(tcp_flag::rst)) return tcp_state::closed;
    if (one.has(tcp_flag::syn)) {
        if (now == tcp_state::closed) return tcp_state::syn_sent;
        return now == tcp_state::listen ? tcp_state::syn_received : now;
    }
    if (!one.has(tcp_flag::fin)) return now;
    if (now == tcp_state::established || now == tcp_state::syn_received) return tcp_state::fin_wait_1;
    return now == tcp_state::close_wait ? tcp_state::last_ack : now;
}

tcp_state after_acknowledgment(tcp_state now, bool of_own_fin) {
    switch (now) {
        case tcp_state::syn_received:
            return tcp_state::established;
        case tcp_state::fin_wait_1:
            return of_own_fin ? tcp_state::fin_wait_2 : now;
        case tcp_state::closing:
            return of_own_fin ? tcp_state::time_wait : now;
        case tcp_state::last_ack:
            return of_own_fin ? tcp_state::closed : now;
        default:
            return now;
    }
}

tcp_state after_fin(tcp_state now) {
    switch (now) {
        case tcp_state::syn_received:
        case tcp_state::established:
            return tcp_state::close_wait;
        case tcp_state::fin_wait_1:
            return tcp_state::closing;
        case tcp_state::fin_wait_2:
            return tcp_state::time_wait;
        default:
            return now;
    }
}

/// `acknowledges_own`: the segment acknowledges everything the receiver has sent, its FIN included.
tcp_state after_receiving(tcp_state now, const segment& one, bool acknowledges_own) {
    if (one.has(tcp_flag::rst)) return now == tcp_state::listen ? now : tcp_state::closed;
    if (one.has(tcp_flag::syn)) {
        if (now == tcp_state::listen) return tcp_state::syn_received;
        if (now == tcp_state::syn_sent)
            return one.has(tcp_flag::ack) ? tcp_state::established : tcp_state::syn_received;
        return now;
    }
    if (one.has(tcp_flag::ack)) now = after_acknowledgment(now, acknowledges_own);
    return one.has(tcp_flag::fin) ? after_fin(now) : now;
}

bool begins(std::span<const segment> segments) {
    return segments.empty() || segments.front().has(tcp_flag::syn);
}

/// Nobody listened: the first answer to the SYN is a RST.
bool is_refused(std::span<const segment> segments) {
    const auto answer = std::ranges::find(segments, side::server, &segment::from);
    return answer != segments.end() && answer->has(tcp_flag::rst);
}

/// Whether whoever sent `answer` had received `one`. A segment without an acknowledgment, a RST that answers, is sent
/// because of what arrived.
bool knows(const segment& answer, const segment& one) {
    return !answer.has(tcp_flag::ack) || !seq_before(answer.ack, one.end());
}

class walk {
public:
    explicit walk(std::span<const segment> segments) : segments_(segments), states_(states_before(segments)) {}

    std::vector<side_states> run() {
        std::vector<side_states> out;
        for (std::size_t at = 0; at < segments_.size(); ++at) {
            const auto& one = segments_[at];
            receive_what(one);
            enter(one.from, after_sending(states_.of(one.from), one));
            if (one.has(tcp_flag::fin)) fin_end(one.from) = one.end();
            travel(at);
            out.push_back(states_);
        }
        return out;
    }

    /// The states that this side entered, in order.
    [[nodiscard]] const std::vector<tcp_state>& passed(side who) const {
        return passed_[static_cast<std::size_t>(who)];
    }

private:
    using queue = std::deque<const segment*>;
    queue& on_the_way_to(side one) { return queues_[static_cast<std::size_t>(one)]; }
    std::optional<std::uint32_t>& fin_end(side of) { return fin_ends_[static_cast<std::size_t>(of)]; }

    void receive(side by, const segment& one) {
        const auto& own_fin = fin_end(by);
        const bool acknowledges_own = own_fin && one.has(tcp_flag::ack) && !seq_before(one.ack, *own_fin);
        enter(by, after_receiving(states_.of(by), one, acknowledges_own));
    }

    void enter(side who, tcp_state next) {
        auto& state = states_.of(who);
        if (state != next) passed_[static_cast<std::size_t>(who)].push_back(next);
        state = next;
    }

    /// What the sender of `one` must have received before it sent this.
    void receive_what(const segment& one) {
        auto& waiting = on_the_way_to(one.from);
        while (!waiting.empty() && knows(one, *waiting.front())) {
            receive(one.from, *waiting.front());
            waiting.pop_front();
        }
    }

    void travel(std::size_t at) {
        const auto& one = segments_[at];
        const auto to = other(one.from);
        auto& waiting = on_the_way_to(to);
        if (one.has(tcp_flag::rst)) {  // needs no place in the order
            waiting.clear();
            return receive(to, one);
        }
        waiting.push_back(&one);
        const auto* answer = next_from(to, at);
        while (!waiting.empty()) {
            const auto& first = *waiting.front();
            const bool takes_no_number = first.end() == first.seq;
            if (answer == nullptr ? !takes_no_number : !knows(*answer, first)) return;
            receive(to, first);
            waiting.pop_front();
        }
    }

    [[nodiscard]] const segment* next_from(side from, std::size_t behind) const {
        for (std::size_t at = behind + 1; at < segments_.size(); ++at)
            if (segments_[at].from == from) return &segments_[at];
        return nullptr;
    }

    std::span<const segment> segments_;
    side_states states_;
    std::array<queue, 2> queues_;
    std::array<std::vector<tcp_state>, 2> passed_;
    std::array<std::optional<std::uint32_t>, 2> fin_ends_;
};

}  // namespace

side_states states_before(std::span<const segment> segments) {
    if (begins(segments))
        return {.client = tcp_state::closed, .server = is_refused(segments) ? tcp_state::closed : tcp_state::listen};
    return {.client = tcp_state::established, .server = tcp_state::established};
}

std::vector<side_states> states_after_each(std::span<const segment> segments) {
    return walk(segments).run();
}

std::vector<tcp_state> states_passed(std::span<const segment> segments, side who) {
    walk whole(segments);
    (void)whole.run();
    std::vector<tcp_state> out{states_before(segments).of(who)};
    out.insert(out.end(), whole.passed(who).begin(), whole.passed(who).end());
    return out;
}

std::string_view textbook_name(tcp_state state) {
    return state == tcp_state::closed ? "CLOSED" : to_text(state);
}

}  // namespace firstfin
