#include "harness/witness/joiner.hpp"

#include <algorithm>

namespace firstfin::witness {

using role::event_kind;

namespace {

subject_event without_names(side from, const role::event& said) {
    subject_event out;
    out.at = said.at;
    out.from = from;
    out.kind = said.kind;
    out.says_close = said.says_close;
    out.pending_fin = said.pending_fin;
    out.reason = said.reason;
    out.state_before = said.state_before;
    out.request = said.request;
    out.status = said.status;
    out.unread = said.unread;
    out.lateness = said.lateness;
    return out;
}

}  // namespace

joiner::connection_ptr joiner::begin(const four_tuple& tuple, stream of) {
    auto& all = by_tuple_[tuple];
    const auto lacks = [of](const auto& one) { return !one->started[static_cast<std::size_t>(of)]; };
    auto found = std::ranges::find_if(all, lacks);
    if (found == all.end()) {
        all.push_back(std::make_shared<connection>());
        all.back()->seen.tuple = tuple;
        all.back()->seen.wire_watched = wire_ == wire_is::watched;
        found = std::prev(all.end());
    }
    (*found)->started[static_cast<std::size_t>(of)] = true;
    return *found;
}

joiner::connection_ptr joiner::latest(const four_tuple& tuple, stream of) const {
    const auto found = by_tuple_.find(tuple);
    if (found == by_tuple_.end()) return nullptr;
    const auto& all = found->second;
    const auto started = [of](const auto& one) { return one->started[static_cast<std::size_t>(of)]; };
    const auto last = std::find_if(all.rbegin(), all.rend(), started);
    return last == all.rend() ? nullptr : *last;
}

void joiner::add(std::uint32_t process, side from, const role::event& said) {
    if (said.conn == 0) return;
    const process_connection key{process, from, said.conn};
    const bool beginning = said.kind == event_kind::connected || said.kind == event_kind::accepted;
    if (beginning && said.local && said.remote) {
        const auto tuple =
            from == side::client ? four_tuple{*said.local, *said.remote} : four_tuple{*said.remote, *said.local};
        auto made = begin(tuple, from == side::client ? stream::client : stream::server);
        if (said.trial) {
            made->trial = said.trial;
            made->observed = true;
        }
        by_process_[key] = std::move(made);
    }
    const auto found = by_process_.find(key);
    if (found == by_process_.end()) return;
    const auto one = found->second;
    const bool closes = said.kind == event_kind::close;
    if (closes) by_process_.erase(found);
    if (one->finished) return;
    one->seen.events.push_back(without_names(from, said));
    if (closes) one->closed[static_cast<std::size_t>(from)] = true;
    if (closes || beginning) changed_(one);
}

void joiner::add(time_point at, const packet& seen, side from) {
    const auto tuple =
        from == side::client ? four_tuple{seen.source, seen.destination} : four_tuple{seen.destination, seen.source};
    auto one = latest(tuple, stream::wire);
    const bool first_syn = from == side::client && (seen.flags & (tcp_flag::syn | tcp_flag::ack)) == tcp_flag::syn;
    if (first_syn && (!one || one->client_isn != seen.seq)) {
        one = begin(tuple, stream::wire);
        one->client_isn = seen.seq;
        if (const auto found = by_address_.find(tuple.server.address()); found != by_address_.end()) {
            one->trial = found->second;
            one->by_address = true;
        }
    }
    if (!one || one->finished) return;
    one->seen.segments.push_back({at, seen.seq, seen.ack, seen.payload, from, seen.flags, seen.headers});
    if (one->by_address) follow(one, one->seen.segments.back());
}

void joiner::follow(const connection_ptr& one, const segment& seen) {
    const bool first = one->seen.segments.size() == 1;
    const bool request = !one->used && seen.from == side::client && seen.payload != 0;
    one->used = one->used || request;
    one->ends = one->ends || seen.has(tcp_flag::fin) || seen.has(tcp_flag::rst);
    if (first || request || one->ends) changed_(one);
}

void joiner::forget(const connection_ptr& done) {
    done->finished = true;
    const auto found = by_tuple_.find(done->seen.tuple);
    if (found == by_tuple_.end()) return;
    // Kept as the tuple's latest while it is the only one, so that late segments do not look like a new connection's.
    if (found->second.size() > 1) std::erase(found->second, done);
}

}  // namespace firstfin::witness
