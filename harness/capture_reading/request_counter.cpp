#include "harness/capture_reading/request_counter.hpp"

#include <limits>
#include <utility>

namespace firstfin::capture_reading {

namespace {

// An encrypted alert with the paddings of CBC suites takes up to 69 bytes; a request with a Host and a user agent more.
constexpr std::uint32_t longest_goodbye = 69;

bool is_request(payload_kind what) {
    return what == payload_kind::http_request || what == payload_kind::http_request_line;
}

}  // namespace

void request_counter::add(side from, payload_kind what, std::uint32_t bytes) {
    if (what == payload_kind::http_interim) return;  // the body that follows belongs to the same request
    auto& own = ends_[static_cast<std::size_t>(from)];
    const bool new_turn = last_ != from;
    if (new_turn) {
        ++own.turns;
        own.turn_bytes = 0;
        own.turn_kind = what;
        if (what == payload_kind::unseen) ++own.unseen_turns;
    }
    constexpr auto most = std::numeric_limits<std::uint32_t>::max();
    own.turn_bytes = bytes > most - own.turn_bytes ? most : own.turn_bytes + bytes;
    // Within a turn a body may look like a request; a whole request line hardly stands there.
    if (what == payload_kind::http_request_line || (new_turn && is_request(what))) ++own.requests;
    last_ = from;
}

void request_counter::swap_sides() {
    std::swap(ends_[0], ends_[1]);
    if (last_) last_ = other(*last_);
}

request_basis request_counter::basis() const {
    return client().requests != 0 && client().unseen_turns == 0 ? request_basis::http : request_basis::turns;
}

std::uint32_t request_counter::requests() const {
    return basis() == request_basis::http ? client().requests : client().turns;
}

bool request_counter::last_turn_may_be_a_request() const {
    if (client().turn_kind == payload_kind::tls_alert) return false;
    if (is_request(client().turn_kind)) return true;
    // Where requests can be read, the rest is none: a body that was refused half-way, another protocol after 101.
    return basis() == request_basis::turns && client().turn_bytes > longest_goodbye;
}

}  // namespace firstfin::capture_reading
