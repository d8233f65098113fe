#include "harness/verdict/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/verdict/wire_reading.hpp"

namespace firstfin {

using role::event_kind;
using witness::state_sample;
using witness::subject_event;
using witness::timeline;

namespace {

constexpr std::uint8_t set_of(std::initializer_list<party> parties) {
    std::uint8_t set = 0;
    for (const auto one : parties)
        set = static_cast<std::uint8_t>(set | 1U << static_cast<unsigned>(one));
    return set;
}

/// The last state a table showed for one side, apart from whether it ever showed TIME_WAIT.
struct table_reading {
    bool time_wait = false;
    bool asked = false;
    std::optional<tcp_state> last;
};

table_reading read_table(const std::vector<state_sample>& samples, side of) {
    table_reading out;
    for (const auto& sample : samples) {
        if (sample.of != of) continue;
        out.asked = true;
        out.time_wait = out.time_wait || sample.state == tcp_state::time_wait;
        out.last = sample.state;
    }
    return out;
}

const subject_event* find_event(const timeline& seen, side from, event_kind kind) {
    const auto found =
        std::ranges::find_if(seen.events, [&](const auto& one) { return one.from == from && one.kind == kind; });
    return found == seen.events.end() ? nullptr : &*found;
}

void add_wire(const timeline& seen, const wire_reading& wire, std::vector<evidence>& out) {
    if (!seen.wire_watched || !wire.fault.empty()) return;
    out.push_back({witness_kind::wire, true, set_of({wire.first_fin}), wire.first_fin_in_words()});
}

void add_tables(const table_reading& server, const table_reading& client, std::vector<evidence>& out) {
    for (const auto one : {side::server, side::client}) {
        const auto& table = one == side::server ? server : client;
        const auto self = party_of(one);
        const auto say = [&](std::uint8_t possible) {
            const auto state = table.time_wait ? tcp_state::time_wait : *table.last;
            out.push_back({witness_kind::sockets, true, possible,
                           fmt::format("the {}'s table holds {}", to_text(one), to_text(state))});
        };
        if (table.time_wait)
            say(set_of({self, party::both}));
        else if (table.last == tcp_state::fin_wait_2)
            say(set_of({self}));
        else if (table.last == tcp_state::close_wait)
            say(set_of({party_of(other(one))}));
    }
}

// TCP_INFO before one's own close is one-sided: CLOSE_WAIT proves that the peer's FIN was here first, ESTABLISHED only
// that it had not arrived yet.
void add_subjects(const timeline& seen, std::vector<evidence>& out) {
    for (const auto one : {side::server, side::client}) {
        const auto* close = find_event(seen, one, event_kind::close);
        if (close == nullptr || !close->state_before) continue;
        const auto text =
            fmt::format("the {} was in {} before its own close", to_text(one), to_text(*close->state_before));
        if (*close->state_before == tcp_state::close_wait)
            out.push_back({witness_kind::subjects, true, set_of({party_of(other(one))}), text});
        else if (*close->state_before == tcp_state::established)
            out.push_back({witness_kind::subjects, false, set_of({party_of(one), party::both}), text});
    }
}

/// The answers that every statement of the given strength leaves possible.
std::uint8_t common(const std::vector<evidence>& statements, bool strong) {
    std::uint8_t left = set_of({party::none, party::server, party::client, party::both});
    for (const auto& one : statements)
        if (one.strong == strong) left &= one.possible;
    return left;
}

std::string contradiction(const std::vector<evidence>& statements) {
    for (const auto& one : statements)
        for (const auto& two : statements)
            if (one.strong && two.strong && (one.possible & two.possible) == 0)
                return fmt::format("{}: {}; {}: {}", to_text(one.from), one.text, to_text(two.from), two.text);
    return {};
}

/// "Both" needs proof; a TIME_WAIT at one side alone means that side.
party most_likely(std::uint8_t possible) {
    if (possible == 0 || possible == set_of({party::none, party::server, party::client, party::both}))
        return party::none;
    for (const auto one : {party::server, party::client, party::both, party::none})
        if (possible & set_of({one})) return one;
    return party::none;
}

/// Without a wire: who said it was reset, or who aborted.
party reset_from_events(const timeline& seen) {
    for (const auto one : {side::server, side::client})
        if (find_event(seen, one, event_kind::reset) != nullptr) return party_of(other(one));
    return party::none;
}

/// Without a wire. What is proven decides alone: beside a TIME_WAIT at one end and none at the other, two sides that
/// both were in ESTABLISHED before their close are no crossing, but one of them late by microseconds.
party first_fin_without_wire(const timeline& seen, const std::vector<evidence>& statements, party reset) {
    const auto strong = common(statements, true);
    if (strong != common({}, true)) return most_likely(strong);
    // What the other side noticed was a RST alone: the close that ESTABLISHED came before may have sent no FIN at all.
    if (reset != party::none &&
        find_event(seen, reset == party::server ? side::client : side::server, event_kind::eof) == nullptr)
        return party::none;
    return most_likely(common(statements, false));
}

/// A connection that both sides have closed leaves a TIME_WAIT behind. Where both tables, asked at once, hold nothing,
/// a RST has taken it. By whom the two sides tell: by the one that closed over unread data, or by a server that had
/// closed when the last request came. Else it ended a TIME_WAIT alone (RFC 1337), after an orderly close.
party reset_from_tables(const table_reading& server, const table_reading& client, const timeline& seen) {
    for (const auto* table : {&server, &client})
        if (!table->asked || table->time_wait || table->last) return party::none;
    for (const auto one : {side::server, side::client}) {
        const auto* close = find_event(seen, one, event_kind::close);
        if (close == nullptr) return party::none;
        if (close->unread != 0) return party_of(one);
    }
    const auto count = [&seen](event_kind kind) {
        return std::ranges::count_if(seen.events,
                                     [&](const auto& one) { return one.from == side::client && one.kind == kind; });
    };
    return count(event_kind::request_sent) > count(event_kind::response_received) ? party::server : party::none;
}

ending ending_from_tables(const table_reading& server, const table_reading& client, const timeline& seen) {
    if (server.time_wait && client.time_wait) return ending::simultaneous;
    if (server.time_wait || client.time_wait) return ending::orderly;
    const auto closed = [&](side one) { return find_event(seen, one, event_kind::close) != nullptr; };
    if (closed(side::server) && closed(side::client)) return ending::orderly;
    if (closed(side::server) || closed(side::client)) return ending::half_closed;
    return ending::open;
}

request_count count_requests(const timeline& seen, const wire_reading& wire, const verdict& so_far) {
    request_count out;
    bool last_sent_into_fin = false;
    const subject_event* client_close = find_event(seen, side::client, event_kind::close);
    for (const auto& one : seen.events) {
        if (one.from != side::client) continue;
        if (one.kind == event_kind::request_sent) {
            ++out.sent;
            last_sent_into_fin = one.pending_fin;
        }
        if (one.kind == event_kind::response_received) ++out.answered;
    }
    const bool client_reports =
        std::ranges::any_of(seen.events, [](const auto& one) { return one.from == side::client; });
    if (!client_reports && seen.wire_watched) {
        out.sent = wire.client_turns;
        out.answered = std::min(wire.client_turns, wire.server_turns);
    }
    const bool abandoned = client_close != nullptr && (client_close->reason == role::close_reason::aborted ||
                                                       client_close->reason == role::close_reason::shutdown);
    const bool server_ended =
        so_far.first_fin == party::server || so_far.first_fin == party::both || so_far.reset == party::server;
    if (out.sent <= out.answered || abandoned || !server_ended) return out;
    const bool wire_knows = seen.wire_watched && wire.fault.empty() && wire.last_request_unanswered;
    const bool avoidable = wire_knows ? wire.last_request_acknowledges_server_fin : last_sent_into_fin;
    (avoidable ? out.stale_reuse : out.true_race) = 1;
    return out;
}

/// On the clock of the side that ended it first: between the two programs lies the time each took to wake up.
std::optional<duration> idle_from_events(const timeline& seen) {
    const auto ends = [](const subject_event& one) { return one.kind == event_kind::close; };
    const auto first = std::ranges::min_element(
        seen.events, {}, [&](const auto& one) { return ends(one) ? one.at : time_point::max(); });
    if (first == seen.events.end() || !ends(*first)) return std::nullopt;
    std::optional<time_point> quiet_since;
    for (const auto& one : seen.events) {
        const bool busy = one.kind == event_kind::response_received || one.kind == event_kind::response_sent ||
                          one.kind == event_kind::connected || one.kind == event_kind::accepted;
        if (one.from == first->from && busy) quiet_since = one.at;
    }
    return quiet_since ? std::optional(first->at - *quiet_since) : std::nullopt;
}

std::string why_invalid(const timeline& seen, const wire_reading& wire) {
    if (!seen.faults.empty()) return seen.faults.front();
    const auto* close = find_event(seen, side::client, event_kind::close);
    if (close != nullptr && close->reason == role::close_reason::connect_failed) return "no connection was made";
    if (!seen.wire_watched) return {};
    if (!wire.fault.empty()) return wire.fault;
    return wire.handshake ? std::string{} : "the capture holds no handshake";
}

}  // namespace

verdict judge(const timeline& seen) {
    verdict out;
    const auto wire = read_wire(seen.segments);
    const auto server = read_table(seen.samples, side::server);
    const auto client = read_table(seen.samples, side::client);
    out.invalid = why_invalid(seen, wire);

    add_wire(seen, wire, out.statements);
    add_tables(server, client, out.statements);
    add_subjects(seen, out.statements);
    if (out.invalid.empty()) {
        out.conflict = wire.impossible.empty() ? contradiction(out.statements) : "wire: " + wire.impossible;
    }

    const bool wire_counts = seen.wire_watched && wire.fault.empty();
    if (wire_counts) {
        out.first_fin = wire.first_fin;
        if (wire.first_reset) out.reset = party_of(wire.first_reset->from);
        out.reset_destroyed_request = wire.reset_destroyed_request;
        out.idle_at_close = wire.idle_at_close;
        out.ending = wire.ending_by_fins();
    } else {
        out.reset = reset_from_events(seen);
        out.first_fin = first_fin_without_wire(seen, out.statements, out.reset);
        // Only now: this one says nothing against a FIN before it.
        if (out.reset == party::none) out.reset = reset_from_tables(server, client, seen);
        out.idle_at_close = idle_from_events(seen);
        out.ending = ending_from_tables(server, client, seen);
    }
    if (server.time_wait && client.time_wait)
        out.time_wait = party::both;
    else if (server.time_wait)
        out.time_wait = party::server;
    else if (client.time_wait)
        out.time_wait = party::client;
    const bool closed_before_reset = wire_counts && wire.reset_after_close;
    if (out.reset != party::none && !closed_before_reset) out.ending = ending::reset;
    out.requests = count_requests(seen, wire, out);
    if (!wire_counts)
        out.reset_destroyed_request = out.reset != party::none && out.requests.sent > out.requests.answered;
    return out;
}

}  // namespace firstfin
