#include "harness/capture_reading/connection.hpp"

#include <utility>

namespace firstfin::capture_reading {

using witness::packet;
namespace tcp_flag = witness::tcp_flag;

namespace {

bool is_syn(const packet& seen) {
    return (seen.flags & tcp_flag::syn) != 0;
}
bool is_answering_syn(const packet& seen) {
    return is_syn(seen) && (seen.flags & tcp_flag::ack) != 0;
}

struct server_choice {
    bool is_receiver;
    server_evidence by;
};

/// The server as this one segment shows it.
server_choice choose_server(const packet& seen, payload_kind what, std::optional<std::uint16_t> server_port) {
    if (is_syn(seen)) return {!is_answering_syn(seen), server_evidence::syn};
    const auto from = seen.source.port();
    const auto to = seen.destination.port();
    if (server_port && (from == *server_port) != (to == *server_port))
        return {to == *server_port, server_evidence::port_given};
    if (what == payload_kind::http_request || what == payload_kind::http_request_line)
        return {true, server_evidence::http};
    if (what == payload_kind::http_response || what == payload_kind::http_interim)
        return {false, server_evidence::http};
    // The ports below 1024 are the lowest too.
    if (from != to) return {to < from, server_evidence::lower_port};
    return {true, server_evidence::none};
}

std::size_t index_of(side one) {
    return static_cast<std::size_t>(one);
}

}  // namespace

connection::connection(std::uint64_t number, duration at, const packet& first, payload_kind what,
                       std::optional<std::uint16_t> server_port)
    : number_(number), began_(at) {
    const auto chosen = choose_server(first, what, server_port);
    server_by_ = chosen.by;
    client_ = chosen.is_receiver ? first.source : first.destination;
    server_ = chosen.is_receiver ? first.destination : first.source;
}

bool connection::is_succeeded_by(const packet& seen) const {
    if (!is_syn(seen)) return false;
    const auto& known = first_number_[index_of(sender_of(seen))];
    if (known) {
        // A refused attempt may be repeated with the same number, as after a challenge ACK (RFC 5961).
        const bool tried_again = !is_answering_syn(seen) && reader_.is_over() && !reader_.has_syn_ack();
        return *known != seen.seq || tried_again;
    }
    // Ends that began without a SYN in this capture: whatever was before, this is later.
    return !reader_.has_syn() || reader_.is_over();
}

void connection::learn_sides(const packet& seen, payload_kind what) {
    const auto chosen = choose_server(seen, what, std::nullopt);
    if (chosen.by <= server_by_) return;
    server_by_ = chosen.by;
    if ((chosen.is_receiver ? seen.destination : seen.source) == server_) return;
    std::swap(client_, server_);
    std::swap(first_number_[0], first_number_[1]);
    reader_.swap_sides();
    requests_.swap_sides();
}

void connection::add(duration at, const packet& seen, std::span<const std::uint8_t> payload) {
    const auto what = seen.payload == 0 ? payload_kind::unseen : kind_of_payload(payload, seen.payload);
    learn_sides(seen, what);
    const auto from = sender_of(seen);
    const witness::segment one{time_point(at), seen.seq, seen.ack, seen.payload, from, seen.flags};
    if (is_syn(seen)) first_number_[index_of(from)] = seen.seq;
    if (reader_.brings_payload(one)) requests_.add(from, what, seen.payload);
    reader_.add(one);
    ++segments_;
    // Merged captures are not always in order of time.
    const auto end = std::max(began_ + lasted_, at);
    began_ = std::min(began_, at);
    lasted_ = end - began_;
}

connection_kind connection::kind() const {
    const bool only_a_syn = reader_.has_syn() && !reader_.has_syn_ack() && !reader_.has_content();
    if (!only_a_syn) return connection_kind::connection;
    if (reader_.reset_by() == side::server) return connection_kind::refused;
    if (reader_.reset_by()) return connection_kind::unanswered;  // a challenge ACK was, and its RST (RFC 5961 4)
    return reader_.has_more_than_syns() ? connection_kind::connection : connection_kind::unanswered;
}

loss connection::lost_request(const wire_reading& wire, const connection_record& so_far) const {
    if (!wire.last_request_unanswered || wire.answer_may_be_missing || so_far.one_direction ||
        so_far.server_by == server_evidence::none || !requests_.last_turn_may_be_a_request())
        return loss::none;
    // Whoever closes before the answer has given the request up; what the server does then is no loss.
    if (wire.client_fin && wire.first_fin != party::server && wire.first_fin != party::both) return loss::none;
    const bool server_ended = wire.server_fin || so_far.reset == party::server;
    if (!server_ended) return loss::none;
    if (wire.last_request_acknowledges_server_fin) return loss::stale_reuse;
    if (wire.server_fin || wire.order_unknown == capture_gap::none) return loss::true_race;
    return loss::undecided;
}

connection_record connection::record() const {
    const auto wire = reader_.reading();
    connection_record out;
    out.ends = {client_, server_};
    out.number = number_;
    out.began = began_;
    out.lasted = lasted_;
    if (wire.quiet_before_end) out.idle_at_close = *wire.quiet_before_end;
    out.segments = segments_;
    out.requests = requests_.requests();
    out.counted_by = requests_.basis();
    out.server_by = server_by_;
    out.kind = kind();
    out.first_fin = wire.first_fin;
    out.unknown = out.kind == connection_kind::connection ? wire.order_unknown : capture_gap::none;
    if (wire.first_reset) out.reset = party_of(wire.first_reset->from);
    out.mid_connection = !reader_.has_syn();
    out.one_direction = out.kind == connection_kind::connection && !reader_.has_both_directions();
    out.impossible = !wire.impossible.empty();
    out.reset_destroyed_request = wire.reset_destroyed_request && requests_.last_turn_may_be_a_request();
    if (out.reset != party::none && !wire.reset_after_close)
        out.ending = ending::reset;
    else if (out.unknown == capture_gap::none)
        out.ending = wire.ending_by_fins();
    out.lost = lost_request(wire, out);
    return out;
}

std::optional<party> connection_record::closed_first() const {
    if (!order_is_known()) return std::nullopt;
    return first_fin != party::none ? first_fin : reset;
}

close_sign connection_record::closed_by() const {
    if (!order_is_known()) return close_sign::none;
    if (first_fin != party::none) return close_sign::fin;
    return reset != party::none ? close_sign::rst : close_sign::none;
}

}  // namespace firstfin::capture_reading
