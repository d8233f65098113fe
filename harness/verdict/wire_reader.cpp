#include "harness/verdict/wire_reader.hpp"

#include <utility>

namespace firstfin {

using witness::segment;
using witness::seq_before;
namespace tcp_flag = witness::tcp_flag;

namespace {

bool acknowledges(const segment& later, const segment& fin) {
    return later.has(tcp_flag::ack) && seq_before(fin.fin_seq(), later.ack);
}

void advance(std::optional<std::uint32_t>& to, std::uint32_t number) {
    if (!to || seq_before(*to, number)) to = number;
}

void flip(std::optional<segment>& one) {
    if (one) one->from = other(one->from);
}

}  // namespace

bool wire_reader::end::brings(const segment& one) const {
    return one.payload != 0 && (!next || seq_before(*next, one.seq + one.payload));
}

bool wire_reader::end::has_sent(std::uint32_t ack) const {
    return next && !seq_before(*next, ack);
}

/// False when bytes before this segment were never captured.
bool wire_reader::end::follows(const segment& one) {
    if (one.has(tcp_flag::rst)) return next.has_value();  // a RST may carry any number in the window
    const bool contiguous = next ? !seq_before(*next, one.seq) : one.has(tcp_flag::syn);
    advance(next, one.end());
    return contiguous;
}

void wire_reader::end::takes_content(const segment& one) {
    if (one.has(tcp_flag::rst)) return;
    if (one.payload != 0 || one.has(tcp_flag::syn | tcp_flag::fin)) advance(content, one.end());
    if (one.has(tcp_flag::fin) && !fin) {
        fin = one;
        fin_is_late_copy = used && seq_before(one.fin_seq(), *used);
    }
    advance(reach, one.end());
    advance(used, one.end());
}

void wire_reader::end::is_acknowledged_by(const segment& one) {
    advance(reach, one.ack);
    // A FIN's word on the other FIN is what is to be judged: it must not be the proof as well.
    if (!one.has(tcp_flag::fin)) advance(used, one.ack);
}

/// Whoever has shown no FIN may still have sent one, where numbers in use were not captured or nothing was.
bool wire_reader::end::may_have_sent_more() const {
    return !fin && (!content || (reach && seq_before(*content, *reach)));
}

void wire_reader::add(const segment& one) {
    auto& own = of(one.from);
    auto& peer = of(other(one.from));
    own.seen = true;
    const bool new_payload = own.brings(one);
    const bool whole = own.follows(one);
    const bool trusted_ack = one.has(tcp_flag::ack) && !one.has(tcp_flag::rst);
    if (!whole || (trusted_ack && !peer.has_sent(one.ack))) hole_ = true;

    if (one.has(tcp_flag::syn))
        (one.has(tcp_flag::ack) ? syn_ack_ : syn_) = true;
    else if (one.from == side::client && syn_ && syn_ack_ && !handshake_)
        handshake_ = one.at;
    if (!one.has(tcp_flag::syn | tcp_flag::rst)) more_than_syns_ = true;
    if (new_payload) take_payload(one);
    own.takes_content(one);
    if (trusted_ack) peer.is_acknowledged_by(one);
    take_end(one);
}

void wire_reader::take_payload(const segment& one) {
    auto& own = of(one.from);
    auto& peer = of(other(one.from));
    peer.unanswered.reset();
    if (!own.unanswered) {
        ++own.turns;
        own.unanswered = one;
        // What the peer had sent by then is no answer, captured or not.
        own.answer_from = peer.content.value_or(one.ack);
        if (one.has(tcp_flag::ack) && seq_before(own.answer_from, one.ack)) own.answer_from = one.ack;
    }
    if (!first_end_) own.last_payload = one.at;
}

void wire_reader::take_end(const segment& one) {
    auto& peer = of(other(one.from));
    if (one.has(tcp_flag::rst) && !first_reset_) {
        first_reset_ = one;
        reset_after_close_ = of(side::server).fin_acknowledged && of(side::client).fin_acknowledged;
        for (const auto from : {side::server, side::client})
            unanswered_at_reset_[static_cast<std::size_t>(from)] = of(from).unanswered.has_value();
    }
    if (peer.fin && acknowledges(one, *peer.fin)) peer.fin_acknowledged = true;
    if (one.has(tcp_flag::fin | tcp_flag::rst) && !first_end_) first_end_ = one.at;
}

void wire_reader::swap_sides() {
    std::swap(ends_[0], ends_[1]);
    std::swap(unanswered_at_reset_[0], unanswered_at_reset_[1]);
    for (auto& one : ends_) {
        flip(one.fin);
        flip(one.unanswered);
    }
    flip(first_reset_);
}

bool wire_reader::is_over() const {
    return first_reset_ || (of(side::server).fin_acknowledged && of(side::client).fin_acknowledged);
}

capture_gap wire_reader::hidden_fin() const {
    for (const auto from : {side::server, side::client})
        if (!of(from).seen) return capture_gap::one_direction;
    for (const auto from : {side::server, side::client})
        if (of(from).may_have_sent_more())
            return of(from).content ? capture_gap::segments_missing : capture_gap::mid_connection;
    return capture_gap::none;
}

void wire_reader::order_fins(wire_reading& out) const {
    const auto& server = of(side::server);
    const auto& client = of(side::client);
    if (!server.fin || !client.fin) {
        out.first_fin = server.fin ? party::server : client.fin ? party::client : party::none;
        out.order_unknown = hidden_fin();
        return;
    }
    const bool client_knew = acknowledges(*client.fin, *server.fin);
    const bool server_knew = acknowledges(*server.fin, *client.fin);
    if (!client_knew && !server_knew) {
        out.first_fin = party::both;  // an earlier copy knew no more than this one
        return;
    }
    out.first_fin = client_knew ? party::server : party::client;
    if (client_knew && server_knew) {
        // A retransmission may know what its first copy did not; first copies cannot both.
        if (server.fin_is_late_copy && client.fin_is_late_copy)
            out.order_unknown = capture_gap::first_fin_missing;
        else if (client.fin_is_late_copy)
            out.first_fin = party::client;
        else if (!server.fin_is_late_copy)
            out.impossible = "each FIN acknowledges the other";
    } else if (client_knew ? client.fin_is_late_copy : server.fin_is_late_copy) {
        out.order_unknown = capture_gap::first_fin_missing;
    }
}

wire_reading wire_reader::reading() const {
    const auto& server = of(side::server);
    const auto& client = of(side::client);
    wire_reading out;
    out.handshake = handshake_.has_value();
    out.server_fin = server.fin;
    out.client_fin = client.fin;
    out.first_reset = first_reset_;
    out.reset_after_close = reset_after_close_;
    out.reset_destroyed_request = unanswered_at_reset_[static_cast<std::size_t>(side::client)];
    if (hole_) out.fault = "segments are missing from the capture";
    const auto quiet_since = server.last_payload ? server.last_payload : handshake_;
    if (first_end_ && quiet_since) out.idle_at_close = *first_end_ - *quiet_since;
    const auto last_payload = std::max(server.last_payload, client.last_payload);
    const auto silent_since = last_payload ? last_payload : handshake_;
    if (first_end_ && silent_since) out.quiet_before_end = *first_end_ - *silent_since;
    out.client_turns = client.turns;
    out.server_turns = server.turns;
    order_fins(out);
    if (const auto& request = client.unanswered) {
        out.last_request_unanswered = true;
        out.last_request_acknowledges_server_fin = server.fin && acknowledges(*request, *server.fin);
        out.answer_may_be_missing = server.reach && seq_before(client.answer_from + 1, *server.reach);
    }
    return out;
}

}  // namespace firstfin
