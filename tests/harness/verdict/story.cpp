#include "tests/harness/verdict/story.hpp"

namespace firstfin::testing {

using role::event_kind;
namespace flag = witness::tcp_flag;

story::story() {
    seen_.tuple = {endpoint(boost::asio::ip::make_address("10.64.0.2"), 40'000),
                   endpoint(boost::asio::ip::make_address("10.64.0.1"), 8080)};
    own(side::client).next = 0xffff'ff00;  // wraps on the way: sequence numbers are compared, never ordered
    own(side::server).next = 7'000;
}

void story::send(side from, std::uint8_t flags, std::uint32_t payload, std::uint32_t ack, bool heard_by_peer) {
    tick();
    auto& mine = own(from);
    auto& theirs = own(other(from));
    witness::segment one{now_, mine.next, ack, payload, from, flags};
    mine.next = one.end();
    if (heard_by_peer) {
        theirs.heard_before = theirs.heard;
        theirs.heard = mine.next;
    }
    seen_.segments.push_back(one);
}

story& story::handshake() {
    send(side::client, flag::syn, 0, 0, true);
    send(side::server, flag::syn | flag::ack, 0, own(side::server).heard, true);
    send(side::client, flag::ack, 0, own(side::client).heard, true);
    says(side::client, event_kind::connected);
    return says(side::server, event_kind::accepted);
}

story& story::data(side from, std::uint32_t bytes) {
    send(from, flag::psh | flag::ack, bytes, own(from).heard, true);
    return *this;
}
story& story::ack(side from) {
    send(from, flag::ack, 0, own(from).heard, true);
    return *this;
}
story& story::fin(side from) {
    send(from, flag::fin | flag::ack, 0, own(from).heard, true);
    return *this;
}
story& story::crossed_fin(side from) {
    send(from, flag::fin | flag::ack, 0, own(from).heard_before, true);
    return *this;
}
story& story::crossed_data(side from, std::uint32_t bytes) {
    send(from, flag::psh | flag::ack, bytes, own(from).heard_before, true);
    return *this;
}
story& story::rst(side from) {
    send(from, flag::rst, 0, 0, true);
    return *this;
}

story& story::fin_again(side from) {
    tick();
    seen_.segments.push_back({now_, own(from).next - 1, own(from).heard, 0, from, flag::fin | flag::ack});
    return *this;
}

story& story::request() {
    request_event();
    data(side::client, 80);
    return says(side::server, event_kind::request_received);
}
story& story::response() {
    data(side::server, 120);
    return says(side::client, event_kind::response_received);
}

story& story::request_event(bool pending_fin) {
    says(side::client, event_kind::request_sent);
    seen_.events.back().pending_fin = pending_fin;
    return *this;
}

story& story::close(side from, role::close_reason reason, tcp_state before) {
    says(from, event_kind::close);
    seen_.events.back().reason = reason;
    seen_.events.back().state_before = before;
    return *this;
}

story& story::says(side from, event_kind kind) {
    tick();
    witness::subject_event one;
    one.at = now_;
    one.from = from;
    one.kind = kind;
    seen_.events.push_back(one);
    return *this;
}

story& story::table(side of, std::optional<tcp_state> state) {
    tick();
    seen_.samples.push_back({now_, of, state});
    return *this;
}

story& story::after(duration pause) {
    now_ += pause;
    return *this;
}
story& story::fault(std::string why) {
    seen_.faults.push_back(std::move(why));
    return *this;
}
story& story::no_wire() {
    seen_.wire_watched = false;
    seen_.segments.clear();
    return *this;
}
story& story::lose_last_segment() {
    seen_.segments.pop_back();
    return *this;
}

}  // namespace firstfin::testing
