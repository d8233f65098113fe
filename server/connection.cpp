#include "server/connection.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "core/tcp_info.hpp"
#include "server/exchange.hpp"
#include "server/listener.hpp"

namespace firstfin {

using role::close_reason;
using role::event_kind;

namespace {

constexpr int reads_per_wake = 16;  ///< of dropped input, before others get their turn
constexpr std::size_t most_read_ahead = 1'048'576;

bool nothing_there(ssize_t received) {
    return received < 0 && (errno == EAGAIN || errno == EINTR);
}

boost::system::error_code error_of(ssize_t received) {
    if (received == 0) return boost::asio::error::eof;
    return {errno, boost::system::system_category()};
}

}  // namespace

connection::connection(listener& home, socket_type socket, const endpoint& local, const endpoint& remote)
    : home_(home),
      socket_(std::move(socket)),
      self_(this),
      local_(local),
      remote_(remote),
      id_(++home.ground().last_id),
      accepted_at_(steady::now()) {}

connection::~connection() = default;

void connection::open(listener& home, socket_type socket, const endpoint& local, const endpoint& remote) {
    auto& fresh = *new connection(home, std::move(socket), local, remote);
    home.ground().connections.push_back(fresh);
    auto accepted = fresh.event_of(event_kind::accepted);
    accepted.at = fresh.accepted_at_;
    accepted.local = local;
    accepted.remote = remote;
    fresh.report(accepted);
    fresh.ground().timers.arm(fresh, deadline_after(fresh.accepted_at_, fresh.policy().header_timeout));
    fresh.wait_readable();
}

const server_policy& connection::policy() const {
    return home_.policy();
}
common_ground& connection::ground() const {
    return home_.ground();
}

void connection::stop() {
    const share alive(this);
    close_with(close_reason::shutdown);
    end();
}

void connection::finish() {
    if (phase_ == phase::forgotten) return close_with(close_reason::shutdown);
    // A request that has arrived but was not read yet is still answered; nginx would reset it.
    if (phase_ == phase::idle && moment_of(socket_.native_handle()).unread == 0) close_with(close_reason::shutdown);
}

void connection::park() {
    if (ground().state == common_ground::mood::finishing) return close_with(close_reason::shutdown);
    phase_ = phase::idle;
    if (const auto window = idle_close_window(policy()))
        ground().timers.arm(*this, mark_ + window->at(ground().window_share(id_)));
    wait_readable();
}

void connection::wait_readable() {
    if (waiting_) return;
    waiting_ = true;
    socket_.async_wait(socket_type::wait_read, [self = share(this)](const boost::system::error_code&) {
        self->waiting_ = false;
        self->on_readable();
    });
}

void connection::on_readable() {
    switch (phase_) {
        case phase::idle:
            return receive_request();
        case phase::lingering:
        case phase::awaits_fin:
            return drop_input();
        case phase::responding:
            return look_for_fin();
        case phase::reading:  // the coroutine reads
        case phase::forgotten:
        case phase::ended:
            return;
    }
}

void connection::on_deadline(duration lateness) {
    switch (phase_) {
        case phase::idle:
            return close_with(requests_ == 0 ? close_reason::unused_deadline : close_reason::idle_deadline, lateness);
        case phase::reading:
            return close_with(close_reason::header_deadline, lateness);
        case phase::awaits_fin:
            return close_with(ends_for_, lateness);
        case phase::lingering:
            return end();
        case phase::responding:
        case phase::forgotten:
        case phase::ended:
            return;
    }
}

// The bytes go through memory of the whole loop: an idle connection has no buffer, and most requests come in one piece.
void connection::receive_request() {
    auto& scratch = ground().scratch;
    const auto bytes = ::recv(socket_.native_handle(), scratch.data(), scratch.size(), MSG_DONTWAIT);
    if (bytes > 0) return begin_serving({scratch.data(), static_cast<std::size_t>(bytes)});
    if (nothing_there(bytes)) return wait_readable();
    end_of_input(error_of(bytes));
}

void connection::drop_input() {
    auto& scratch = ground().scratch;
    for (int round = 0; round < reads_per_wake; ++round) {
        const auto bytes = ::recv(socket_.native_handle(), scratch.data(), scratch.size(), MSG_DONTWAIT);
        if (bytes > 0) continue;
        if (nothing_there(bytes)) break;
        return end_of_input(error_of(bytes));
    }
    if (phase_ == phase::lingering)
        ground().timers.arm(*this, std::min(mark_, steady::now() + policy().lingering_timeout));
    wait_readable();
}

// on_client_fin = abort, in the middle of a response. Pipelined requests may stand before the FIN: they are kept.
void connection::look_for_fin() {
    if (policy().on_client_fin != client_fin_reaction::abort || eof_noted_) return;
    auto& input = exchange_->input;
    for (;;) {
        if (input.size() > most_read_ahead) return;
        const auto room = input.prepare(4096);
        const auto bytes = ::recv(socket_.native_handle(), room.data(), room.size(), MSG_DONTWAIT);
        if (bytes > 0) {
            input.commit(static_cast<std::size_t>(bytes));
            continue;
        }
        if (nothing_there(bytes)) return wait_readable();
        return end_of_input(error_of(bytes));
    }
}

void connection::carry_out(next_step next) {
    exchange_.reset();
    if (phase_ == phase::ended || phase_ == phase::forgotten) return;
    switch (next.what) {
        case next_step::kind::nothing:
            return;
        case next_step::kind::park:
            return park();
        case next_step::kind::close:
            return close_with(next.reason);
        case next_step::kind::lost:
            return end_of_input(next.failed);
    }
}

void connection::end_of_input(const boost::system::error_code& failed) {
    if (failed == boost::asio::error::eof) {
        if (!eof_noted_) report(event_of(event_kind::eof));
        eof_noted_ = true;
        return close_with(close_reason::peer_fin);
    }
    if (failed == boost::asio::error::connection_reset || failed == boost::asio::error::broken_pipe) {
        report(event_of(event_kind::reset));
        return close_with(close_reason::peer_reset);
    }
    close_with(close_reason::system_error, {}, failed.message());
}

void connection::close_with(close_reason reason, std::optional<duration> lateness, std::string_view detail) {
    if (phase_ == phase::ended) return;
    if (phase_ == phase::lingering) return end();  // its FIN is out, and reported
    const auto how = ending_of(reason, says_close_, policy().close_style);
    if (how == ending::await_fin && phase_ != phase::awaits_fin) return await_fin();

    auto closing = event_of(event_kind::close);
    const auto moment = moment_of(socket_.native_handle());
    if (moment.pending_fin() && policy().on_client_fin == client_fin_reaction::ignore &&
        reason != close_reason::shutdown)
        return forget();
    closing.local = local_;
    closing.remote = remote_;
    closing.reason = reason;
    closing.state_before = moment.state;
    closing.unread = moment.unread;
    closing.pending_fin = moment.pending_fin();
    closing.lateness = lateness;
    closing.detail = detail;
    if (how == ending::rst) closing.detail = "resets";
    report(closing);

    if (how == ending::linger) return linger();
    if (how == ending::rst) {
        boost::system::error_code ignored;
        socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
    }
    end();
}

void connection::linger() {
    boost::system::error_code failed;
    socket_.shutdown(socket_type::shutdown_send, failed);
    if (failed) return end();
    phase_ = phase::lingering;
    const auto now = steady::now();
    mark_ = now + policy().lingering_time;
    ground().timers.arm(*this, std::min(mark_, now + policy().lingering_timeout));
    wait_readable();
}

void connection::await_fin() {
    phase_ = phase::awaits_fin;
    ground().timers.arm(*this, steady::now() + policy().lingering_time);
    wait_readable();
}

// No wait any more: a socket in CLOSE_WAIT is readable for ever.
void connection::forget() {
    if (!eof_noted_) report(event_of(event_kind::eof));
    eof_noted_ = true;
    phase_ = phase::forgotten;
    disarm();
}

void connection::end() {
    if (phase_ == phase::ended) return;
    phase_ = phase::ended;
    const auto last_share = std::move(self_);
    disarm();
    if (exchange_) exchange_->pause.cancel();
    boost::system::error_code ignored;
    socket_.close(ignored);
    auto& all = ground();
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>::unlink();
    all.on_connection_ended();
}

role::event connection::event_of(event_kind kind) const {
    role::event out;
    out.kind = kind;
    out.at = steady::now();
    out.conn = id_;
    return out;
}

void connection::report(const role::event& what) const {
    ground().report(what);
}

}  // namespace firstfin
