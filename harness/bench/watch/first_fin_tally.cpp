#include "harness/bench/watch/first_fin_tally.hpp"

#include <boost/container_hash/hash.hpp>
#include <functional>

namespace firstfin::bench {

using witness::packet;
using witness::seq_before;
namespace tcp_flag = witness::tcp_flag;

std::size_t first_fin_tally::endpoint_hash::operator()(const endpoint& one) const {
    std::size_t seed = std::hash<address>{}(one.address());
    boost::hash_combine(seed, one.port());
    return seed;
}

first_fin_tally::first_fin_tally(const endpoint& server, std::size_t limit)
    : server_(without_mapping(server)), limit_(limit) {
    ended_.witness = "wire";
}

void first_fin_tally::add(const packet& seen) {
    const bool from_server = seen.source == server_;
    if (!from_server && seen.destination != server_) return;
    const auto& client = from_server ? seen.destination : seen.source;
    const bool is_syn = (seen.flags & tcp_flag::syn) != 0;
    if (is_syn && !from_server) {
        open(client, seen);
        return;
    }
    const auto at = connections_.find(client);
    if (at == connections_.end()) {
        if ((seen.flags & (tcp_flag::fin | tcp_flag::rst)) != 0) ++strays_;
        return;
    }
    if (is_syn) {
        if (seen.ack == at->second.syn_seq + 1) at->second.answered = true;
        return;
    }
    take_end(at, seen, from_server);
}

void first_fin_tally::open(const endpoint& client, const packet& syn) {
    if (const auto at = connections_.find(client); at != connections_.end()) {
        if (at->second.syn_seq == syn.seq) return;  // a copy
        finish(at);
    }
    if (connections_.size() >= limit_) {
        ++ended_.unknown;
        return;
    }
    connections_.emplace(client, connection{.syn_seq = syn.seq});
}

void first_fin_tally::take_end(table::iterator at, const packet& seen, bool from_server) {
    auto& one = at->second;
    const bool is_reset = (seen.flags & tcp_flag::rst) != 0;
    if (!is_reset && (seen.flags & tcp_flag::fin) == 0) return;
    if (!one.answered) {
        // Refused, when it acknowledges this very SYN. Anything else is about what had these ports before: a server
        // that still holds them answers a new SYN with an ACK, and the client resets that.
        if (is_reset && from_server && seen.ack == one.syn_seq + 1)
            finish(at);
        else
            ++strays_;
        return;
    }
    if (is_reset) {
        if (one.from_server || one.from_client)
            count(one, ended_);
        else
            ++(from_server ? ended_.reset_by_server : ended_.reset_by_client);
        connections_.erase(at);
        return;
    }
    auto& own = from_server ? one.from_server : one.from_client;
    if (!own) own = fin{.seq = seen.seq + seen.payload, .ack = seen.ack};
    if (one.from_server && one.from_client) finish(at);
}

/// Nothing more will be heard of it.
void first_fin_tally::finish(table::iterator at) {
    const auto& one = at->second;
    if (!one.answered)
        ++attempts_;
    else if (!one.from_server && !one.from_client)
        ++ended_.unknown;
    else
        count(one, ended_);
    connections_.erase(at);
}

void first_fin_tally::count(const connection& one, first_fins& into) {
    if (!one.from_server || !one.from_client) {
        ++(one.from_server ? into.server : into.client);
        return;
    }
    const bool client_knew = seq_before(one.from_server->seq, one.from_client->ack);
    const bool server_knew = seq_before(one.from_client->seq, one.from_server->ack);
    if (client_knew && server_knew)
        ++into.unknown;  // cannot be, of first copies
    else if (!client_knew && !server_knew)
        ++into.both;
    else
        ++(client_knew ? into.server : into.client);
}

first_fins first_fin_tally::ended() const {
    auto all = ended_;
    for (const auto& [client, one] : connections_)
        if (one.from_server || one.from_client) count(one, all);
    return all;
}

std::uint64_t first_fin_tally::open() const {
    std::uint64_t out = 0;
    for (const auto& [client, one] : connections_)
        if (one.answered && !one.from_server && !one.from_client) ++out;
    return out;
}

}  // namespace firstfin::bench
