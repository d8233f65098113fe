#include "client/connection.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "client/ending.hpp"
#include "core/tcp_info.hpp"

namespace firstfin::client {

namespace net = boost::asio;
using boost::system::error_code;

// connect() picks a port that is free for this very server; bind() would need one that is free for all of them.
using bind_address_no_port = net::detail::socket_option::boolean<IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT>;

connection::connection(trial_room& room, const role::client_order::trial& spec, client_close_style style)
    : room_(room), spec_(spec), socket_(room.loop), style_(style) {}

error_code connection::open() {
    number_ = ++room_.connections;
    connected_ = false;
    error_code failed;
    socket_.open(spec_.server.protocol(), failed);
    if (!failed) socket_.non_blocking(true, failed);
    if (!failed) socket_.set_option(net::ip::tcp::no_delay(true), failed);
    if (failed || spec_.source.is_unspecified()) return failed;
    socket_.set_option(bind_address_no_port(true), failed);
    if (!failed) socket_.bind(endpoint(spec_.source, 0), failed);
    return failed;
}

void connection::note_connected(time_point at) {
    connected_ = true;
    error_code unknown;
    local_ = socket_.local_endpoint(unknown);
    auto said = event_of(role::event_kind::connected);
    said.at = at;
    said.local = local_;
    said.remote = spec_.server;
    room_.tell(said);
}

socket_look connection::look() {
    char byte = 0;
    const auto seen = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (seen > 0) return socket_look::data;
    if (seen == 0) return socket_look::fin;
    return errno == EAGAIN || errno == EINTR ? socket_look::quiet : socket_look::reset;
}

bool connection::pending_fin() {
    return moment_of(socket_.native_handle()).pending_fin();
}

role::event connection::event_of(role::event_kind kind) const {
    role::event out;
    out.kind = kind;
    out.at = steady::now();
    out.conn = number_;
    out.trial = spec_.trial;
    return out;
}

role::event connection::closing_event(role::close_reason reason, close_notes extra) {
    auto said = event_of(role::event_kind::close);
    said.reason = reason;
    said.lateness = extra.lateness;
    said.detail = std::move(extra.detail);
    said.remote = spec_.server;
    if (!connected_) return said;
    said.local = local_;
    const auto moment = moment_of(socket_.native_handle());
    said.at = steady::now();
    said.state_before = moment.state;
    said.unread = moment.unread;
    said.pending_fin = moment.pending_fin();
    return said;
}

// The event is put into words after the system call: the state it tells of must be the one the call meets.
void connection::close_with(role::close_reason reason, close_notes extra) {
    const auto said = closing_event(reason, std::move(extra));
    close_socket(style_of(reason, style_));
    room_.tell(said);
}

void connection::half_close() {
    const auto said = closing_event(role::close_reason::policy, {.detail = "half-close"});
    error_code ignored;
    socket_.shutdown(client_socket::shutdown_send, ignored);
    room_.tell(said);
}

void connection::release() {
    close_socket(client_close_style::fin);
}

void connection::close_socket(client_close_style style) {
    error_code ignored;
    if (connected_ && style == client_close_style::rst) socket_.set_option(client_socket::linger(true, 0), ignored);
    socket_.close(ignored);
    connected_ = false;
}

}  // namespace firstfin::client
