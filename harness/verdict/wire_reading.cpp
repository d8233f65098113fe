#include "harness/verdict/wire_reading.hpp"

#include <fmt/format.h>

namespace firstfin {

using witness::segment;
using witness::seq_before;
namespace tcp_flag = witness::tcp_flag;

namespace {

/// Follows one direction's sequence numbers, to notice what the capture missed.
struct direction {
    std::optional<std::uint32_t> next;  ///< the first sequence number not yet seen

    /// False when bytes before this segment were never captured.
    bool follows(const segment& one) {
        if (!next) {
            next = one.end();
            return one.has(tcp_flag::syn);
        }
        if (one.has(tcp_flag::rst)) return true;  // a RST may carry any number in the window
        const bool contiguous = !seq_before(*next, one.seq);
        if (seq_before(*next, one.end())) next = one.end();
        return contiguous;
    }
    /// New bytes of payload, neither a retransmission nor a keepalive probe.
    [[nodiscard]] bool brings(const segment& one) const {
        return one.payload != 0 && (!next || seq_before(*next, one.seq + one.payload));
    }
    [[nodiscard]] bool has_seen(std::uint32_t ack) const { return next && !seq_before(*next, ack); }
};

bool acknowledges(const segment& later, const segment& fin) {
    return later.has(tcp_flag::ack) && seq_before(fin.fin_seq(), later.ack);
}

party first_of(const std::optional<segment>& server_fin, const std::optional<segment>& client_fin,
               std::string& impossible) {
    if (!server_fin && !client_fin) return party::none;
    if (!client_fin) return party::server;
    if (!server_fin) return party::client;
    const bool client_knew = acknowledges(*client_fin, *server_fin);
    const bool server_knew = acknowledges(*server_fin, *client_fin);
    if (client_knew && server_knew) impossible = "each FIN acknowledges the other";
    if (client_knew) return party::server;
    return server_knew ? party::client : party::both;
}

}  // namespace

wire_reading read_wire(std::span<const segment> segments) {
    wire_reading out;
    direction from_server;
    direction from_client;
    bool syn = false;
    bool syn_ack = false;
    std::optional<time_point> quiet_since;
    std::optional<segment> last_request;
    std::optional<segment> first_end;
    bool server_fin_acknowledged = false;
    bool client_fin_acknowledged = false;
    for (const auto& one : segments) {
        auto& own = one.from == side::server ? from_server : from_client;
        const auto& peer = one.from == side::server ? from_client : from_server;
        const bool new_payload = own.brings(one);
        const bool whole = own.follows(one);
        const bool answers_the_unseen = one.has(tcp_flag::ack) && !one.has(tcp_flag::rst) && !peer.has_seen(one.ack);
        if ((!whole || answers_the_unseen) && out.fault.empty()) out.fault = "segments are missing from the capture";

        if (one.has(tcp_flag::syn))
            (one.has(tcp_flag::ack) ? syn_ack : syn) = true;
        else if (one.from == side::client && syn && syn_ack && !out.handshake) {
            out.handshake = true;
            quiet_since = one.at;
        }
        if (new_payload && one.from == side::client) last_request = one;
        if (new_payload && one.from == side::server) {
            last_request.reset();
            if (!first_end) quiet_since = one.at;
        }
        auto& own_fin = one.from == side::server ? out.server_fin : out.client_fin;
        if (one.has(tcp_flag::fin) && !own_fin) own_fin = one;  // the first copy: a retransmission may acknowledge more
        if (one.has(tcp_flag::rst) && !out.first_reset) {
            out.first_reset = one;
            out.reset_destroyed_request = last_request.has_value();
            out.reset_after_close = server_fin_acknowledged && client_fin_acknowledged;
        }
        if (one.from == side::client && out.server_fin && acknowledges(one, *out.server_fin))
            server_fin_acknowledged = true;
        if (one.from == side::server && out.client_fin && acknowledges(one, *out.client_fin))
            client_fin_acknowledged = true;
        if ((one.has(tcp_flag::fin) || one.has(tcp_flag::rst)) && !first_end) {
            first_end = one;
            if (quiet_since) out.idle_at_close = one.at - *quiet_since;
        }
    }
    out.first_fin = first_of(out.server_fin, out.client_fin, out.impossible);
    if (last_request) {
        out.last_request_unanswered = true;
        out.last_request_acknowledges_server_fin = out.server_fin && acknowledges(*last_request, *out.server_fin);
    }
    return out;
}

std::string wire_reading::first_fin_in_words() const {
    switch (first_fin) {
        case party::none:
            return "no FIN on the wire";
        case party::both:
            return "the FINs crossed: neither acknowledges the other";
        case party::server:
        case party::client:
            break;
    }
    const auto& first = first_fin == party::server ? *server_fin : *client_fin;
    const auto& second = first_fin == party::server ? client_fin : server_fin;
    if (!second) return fmt::format("the {}'s FIN is the only one", to_text(first_fin));
    return fmt::format("the {}'s FIN (seq {}) is acknowledged by the other FIN (ack {})", to_text(first_fin),
                       first.fin_seq(), second->ack);
}

}  // namespace firstfin
