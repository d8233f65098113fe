#include "client/trial.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>

#include "client/request_text.hpp"

namespace firstfin::client {

using boost::system::error_code;
using role::close_reason;
using role::event_kind;

trial::trial(trial_room& room, std::size_t place)
    : room_(room), place_(place), connection_(room, spec(), policy().close_style), draw_(spec().seed) {}

void trial::start() {
    if (phase_ == phase::ended) return room_.gate.leave();
    phase_ = phase::connecting;
    if (const auto failed = connection_.open()) return on_connected(failed, steady::now());
    connection_.socket().async_connect(
        spec().server, [self = share(this)](const error_code& failed) { self->on_connected(failed, steady::now()); });
}

void trial::on_connected(const error_code& failed, time_point at) {
    const share self(this);
    if (phase_ != phase::ended && failed) {
        end_with(close_reason::connect_failed, {.detail = failed.message()});
    } else if (phase_ != phase::ended) {
        connection_.note_connected(at);
        idle_since_ = at;
        if (retrying_)
            send_request();
        else
            follow(after_connect(policy(), plot()));
    }
    room_.gate.leave();
}

void trial::follow(const next_step& next) {
    switch (next.what) {
        case step::send:
            return send_request();
        case step::send_raw:
            return send_raw();
        case step::park_until_send:
        case step::park_until_close:
            return park(next);
        case step::close:
            return end_with(close_reason::policy, {.detail = std::string(next.why)});
        case step::abort:
            return end_with(close_reason::aborted);
        case step::await_fin:
            return read_out();
        case step::half_close:
            half_closed_ = true;
            connection_.half_close();
            return read_out();
    }
}

// --- idle ---

void trial::park(const next_step& next) {
    phase_ = phase::parked;
    wakes_to_send_ = next.what == step::park_until_send;
    room_.timers.arm(*this, deadline_after(idle_since_, next.after));
    if (policy().notices_fin == fin_notice::at_once) watch();
}

void trial::on_deadline(duration lateness) {
    const share self(this);
    if (wakes_to_send_)
        use_again();
    else
        end_with(ordinal_ == 0 ? close_reason::unused_deadline : close_reason::idle_deadline, {.lateness = lateness});
}

void trial::use_again() {
    const bool looks = policy().notices_fin == fin_notice::lazy;
    const auto seen = looks ? connection_.look() : socket_look::quiet;
    const auto refusal = before_reuse(policy(), idle_limit_, steady::now() - idle_since_, seen);
    if (!refusal) return send_request();
    if (refusal == close_reason::peer_fin) tell(event_kind::eof);
    if (refusal == close_reason::peer_reset) tell(event_kind::reset);
    end_with(*refusal);
}

// --- waiting for the server ---

void trial::watch() {
    connection_.socket().async_wait(client_socket::wait_read,
                                    [self = share(this), wait = ++wait_](const error_code& failed) {
                                        if (!failed && wait == self->wait_ && self->phase_ != phase::ended)
                                            self->on_readable();
                                    });
}

void trial::on_readable() {
    if (phase_ == phase::parked)
        on_idle_bytes();
    else if (phase_ == phase::reading_out)
        read_out();
}

void trial::on_idle_bytes() {
    switch (connection_.look()) {
        case socket_look::quiet:
            return watch();
        case socket_look::fin:
            tell(event_kind::eof);
            return end_with(close_reason::peer_fin);
        case socket_look::reset:
            tell(event_kind::reset);
            return end_with(close_reason::peer_reset);
        // What pools do: such a connection is out of step. Left unread, the bytes turn our FIN into a RST.
        case socket_look::data:
            return end_with(close_reason::bad_message, {.detail = "bytes that nobody asked for"});
    }
}

void trial::read_out() {
    phase_ = phase::reading_out;
    std::array<char, 16384> bytes;
    // A server that never stops sending must not stop the loop.
    for (int turn = 0; turn < 16; ++turn) {
        error_code failed;
        const auto count = connection_.socket().read_some(boost::asio::buffer(bytes), failed);
        if (failed == boost::asio::error::would_block) break;
        if (failed) return end_reading(failed);
        if (scanner_) scan({bytes.data(), count});
    }
    watch();
}

void trial::scan(std::string_view bytes) {
    for (const auto& response : scanner_->feed(bytes, steady::now()))
        tell_response(response);
}

void trial::tell_response(const scanned_response& response) {
    auto said = connection_.event_of(event_kind::response_received);
    said.at = response.at;
    said.request = ordinal_;
    said.status = response.status;
    said.says_close = response.says_close;
    room_.tell(said);
}

void trial::end_reading(const error_code& failed) {
    if (scanner_)
        if (const auto last = scanner_->finish()) tell_response(*last);
    const auto how = ending_of(failed, progress::first_unanswered);
    if (how.noticed) tell(*how.noticed);
    if (!half_closed_) return end_with(how.reason);
    connection_.release();
    finish();
}

// --- requests ---

std::string trial::next_request() const {
    const bool last = asked_ >= plot().requests;
    const bool says_close = last && plot().kind == scenario_kind::connection_close;
    return request_text(plot(), room_.host.empty() ? to_text(spec().server) : room_.host,
                        says_close ? after_request::close : after_request::keep_alive);
}

void trial::tell_request() {
    if (phase_ == phase::ended) return;
    auto said = connection_.event_of(event_kind::request_sent);
    said.request = ordinal_;
    said.says_close = plot().kind == scenario_kind::connection_close && asked_ >= plot().requests;
    said.pending_fin = ordinal_ > 1 && connection_.pending_fin();
    room_.tell(said);
}

void trial::send_request() {
    phase_ = phase::conversing;
    ++wait_;  // a wait for readability that is still out belongs to the idle time that ends here
    ++ordinal_;
    if (!retrying_) ++asked_;
    if (plot().kind == scenario_kind::abort && plot().abort_at == abort_moment::in_flight && asked_ >= plot().requests)
        return send_and_abort();
    const auto body = plot().method == "HEAD" ? body_rule::none : body_rule::as_framed;
    boost::asio::co_spawn(room_.loop, exchange(connection_.socket(), next_request(), body, [this] { tell_request(); }),
                          [self = share(this)](const std::exception_ptr& broken, const exchange_result& got) {
                              if (broken) std::rethrow_exception(broken);
                              if (self->phase_ == phase::ended) return;
                              if (got.failure)
                                  self->on_failure(got);
                              else
                                  self->on_response(got);
                          });
}

void trial::send_and_abort() {
    const auto request = next_request();
    error_code ignored;
    tell_request();
    connection_.socket().write_some(boost::asio::buffer(request), ignored);
    end_with(close_reason::aborted);
}

void trial::send_raw() {
    scanner_ = std::make_unique<response_scanner>(plot().raw);
    ordinal_ = 1;
    tell_request();
    boost::asio::async_write(connection_.socket(), boost::asio::buffer(plot().raw),
                             [self = share(this)](const error_code& failed, std::size_t) {
                                 // Whoever reports the failure takes it away from the socket: the reader would see a
                                 // plain EOF.
                                 if (failed && self->phase_ == phase::reading_out) self->end_reading(failed);
                             });
    read_out();
}

void trial::on_response(const exchange_result& got) {
    idle_since_ = got.at;
    tell_response({got.status, got.says_close, got.at});
    if (got.ended_by_fin) {
        tell(event_kind::eof);
        return end_with(close_reason::peer_fin);
    }
    if (got.surplus) return end_with(close_reason::bad_message, {.detail = "bytes behind the response"});
    if (retrying_) return end_with(close_reason::policy, {.detail = "the repeated request is answered"});
    const auto hint = scaled(got.hint, room_.order.time_scale);
    idle_limit_ = effective_idle_timeout(policy(), hint);
    follow(after_response(policy(), plot(), {ordinal_, got.says_close, hint}, {spec().window_share, draw_.share()}));
}

void trial::on_failure(const exchange_result& got) {
    const auto unanswered = ordinal_ > 1 ? progress::reused_unanswered : progress::first_unanswered;
    auto how = ending_of(got.failure, got.any_byte ? progress::answering : unanswered);
    if (how.noticed) tell(*how.noticed, how.detail);
    if (how.reason != close_reason::lost_reuse || !may_retry(policy().retry, plot().method))
        return end_with(how.reason, {.detail = std::move(how.detail)});
    connection_.close_with(how.reason, {.detail = std::move(how.detail)});
    retry();
}

// Once: the first request of a fresh connection is never a lost reuse.
void trial::retry() {
    retrying_ = true;
    ordinal_ = 0;
    phase_ = phase::connecting;
    room_.gate.enter_soon([self = share(this)] { self->start(); });
}

// --- the end ---

void trial::tell(event_kind kind, std::string detail) {
    auto said = connection_.event_of(kind);
    said.detail = std::move(detail);
    room_.tell(said);
}

void trial::end_with(close_reason reason, close_notes extra) {
    connection_.close_with(reason, std::move(extra));
    finish();
}

void trial::finish() {
    phase_ = phase::ended;
    disarm();
    role::event said;
    said.kind = event_kind::done;
    said.at = steady::now();
    said.trial = spec().trial;
    room_.tell(said);
    room_.on_over(place_);
}

void trial::stop() {
    if (phase_ == phase::ended) return;
    const share self(this);
    phase_ = phase::ended;
    disarm();
    if (half_closed_)
        connection_.release();
    else if (connection_.is_open())
        connection_.close_with(close_reason::shutdown);
    room_.on_over(place_);
}

}  // namespace firstfin::client
