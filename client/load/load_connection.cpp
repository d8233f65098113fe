#include "client/load/load_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

#include "core/tcp_info.hpp"

namespace firstfin::load {

namespace net = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t first_buffer = 4096;
constexpr std::size_t largest_buffer = 256 * 1024;

failure connect_failure(const error_code& failed) {
    switch (failed.value()) {
        case EADDRNOTAVAIL:
            return failure::no_port;
        case ECONNREFUSED:
            return failure::refused;
        case EMFILE:
        case ENFILE:
            return failure::descriptors;
        default:
            return failure::no_route;
    }
}

bool is_reset(const error_code& failed) {
    return failed == net::error::connection_reset || failed == net::error::broken_pipe;
}

}  // namespace

load_connection::load_connection(load_room& room)
    : room_(room), socket_(room.loop.get_executor()), outstanding_(room.what.pipelining) {}

void load_connection::open() {
    state_ = state::connecting;
    since_ = steady::now();
    carried_ = 0;
    filled_ = 0;
    unsent_.clear();
    ends_ = writing_ = resets_ = server_closed_ = false;
    response_.reset();
    ++life_;
    error_code failed;
    (void)socket_.open(room_.what.server.protocol(), failed);
    if (!failed) (void)socket_.non_blocking(true, failed);
    // Several requests on their way must not wait for each other's acknowledgment.
    if (!failed && room_.what.pipelining > 1) (void)socket_.set_option(net::ip::tcp::no_delay(true), failed);
    if (failed) {
        net::post(room_.loop, [this, failed, life = life_] {
            if (life == life_) finish(connect_failure(failed));
        });
        return;
    }
    socket_.async_connect(room_.what.server, [this, life = life_](const error_code& how) {
        if (life == life_ && state_ == state::connecting) on_connected(how);
    });
}

void load_connection::on_connected(const error_code& failed) {
    if (failed) return finish(connect_failure(failed));
    state_ = state::open;
    if (buffer_.empty()) buffer_.resize(first_buffer);
    if (room_.measures(steady::now())) ++room_.counts.opened;
    const auto life = life_;
    room_.owner.on_open(*this);
    if (life == life_ && state_ != state::closed) read();
}

bool load_connection::has_room() const {
    return state_ == state::open && !ends_ && outstanding_.size() < outstanding_.capacity() &&
           !room_.what.requests_per_connection.reached_by(carried_);
}

bool load_connection::is_spent() const {
    return state_ == state::open && outstanding_.empty() &&
           (ends_ || room_.what.requests_per_connection.reached_by(carried_));
}

void load_connection::send(time_point intended) {
    ++carried_;
    outstanding_.push_back({intended, {}});
    unsent_ += room_.what.requests_per_connection.reached_by(carried_) ? room_.last_request : room_.request;
}

void load_connection::flush() {
    if (unsent_.empty() || writing_) return;
    const auto now = steady::now();
    for (auto& each : outstanding_) {
        if (each.sent != time_point()) continue;
        each.sent = now;
        if (each.intended == time_point()) each.intended = now;
    }
    error_code failed;
    const auto bytes = socket_.write_some(net::buffer(unsent_), failed);
    // A connection that is gone says so to its reader, who is always there and finds what else arrived before.
    if (!failed && bytes == unsent_.size())
        unsent_.clear();
    else if (!failed || failed == net::error::would_block)
        write_rest(failed ? 0 : bytes);
    else {
        unsent_.clear();
        took_error(failed);
    }
}

/// A write takes the socket's error with it: the reader would then meet a mere end.
void load_connection::took_error(const error_code& failed) {
    resets_ = resets_ || failed == net::error::connection_reset;
}

void load_connection::write_rest(std::size_t from) {
    unsent_.erase(0, from);
    writing_ = true;
    auto text = std::make_shared<std::string>(std::move(unsent_));
    unsent_.clear();
    net::async_write(socket_, net::buffer(*text), [this, text, life = life_](const error_code& failed, std::size_t) {
        if (life != life_) return;
        took_error(failed);
        writing_ = false;
        if (state_ == state::open) flush();
    });
}

void load_connection::read() {
    socket_.async_read_some(net::buffer(buffer_.data() + filled_, buffer_.size() - filled_),
                            [this, life = life_](const error_code& failed, std::size_t bytes) {
                                if (life == life_ && state_ != state::closed) on_read(failed, bytes);
                            });
}

void load_connection::on_read(const error_code& failed, std::size_t bytes) {
    if (failed) return on_end(failed);
    room_.counts.bytes += bytes;
    filled_ += bytes;
    if (!take_answers()) return;
    if (filled_ == buffer_.size()) {
        if (filled_ >= largest_buffer) return finish(failure::not_http);
        buffer_.resize(buffer_.size() * 2);
    }
    read_soon();
}

void load_connection::read_soon() {
    // Asio tries to read before it waits. After everybody else's turn there is something more often than now: measured,
    // this spares nearly every read in vain, one in five of all system calls.
    net::post(room_.loop, [this, life = life_] {
        if (life == life_ && state_ != state::closed) read();
    });
}

bool load_connection::take_answers() {
    if (outstanding_.empty()) {  // nobody asked
        finish(failure::surplus);
        return false;
    }
    const auto life = life_;
    std::size_t used = 0;
    while (used < filled_) {
        if (!response_) response_.emplace();
        error_code failed;
        used += response_->put(net::const_buffer(buffer_.data() + used, filled_ - used), failed);
        if (failed && failed != boost::beast::http::error::need_more) {
            finish(failure::not_http);
            return false;
        }
        if (!response_->is_done()) break;
        if (response_->is_interim()) {
            response_.reset();
            continue;
        }
        const auto status = response_->status();
        ends_ = ends_ || !response_->keep_alive();
        response_.reset();
        const sample what{outstanding_.front().intended, outstanding_.front().sent, steady::now()};
        // Longer than announced, and so no answer either; before its owner sends a request that this could be taken for
        // the answer of.
        if (used < filled_ && outstanding_.size() == 1) {
            finish(failure::surplus);
            return false;
        }
        outstanding_.pop_front();
        room_.owner.on_answer(*this, what, status);
        if (life != life_ || state_ == state::closed) return false;
    }
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(used),
              buffer_.begin() + static_cast<std::ptrdiff_t>(filled_), buffer_.begin());
    filled_ -= used;
    return true;
}

void load_connection::on_end(const error_code& failed) {
    // A body may end with the connection (RFC 9112 6.3).
    const bool ended_body = failed == net::error::eof && !resets_ && response_ && response_->is_header_done() &&
                            response_->need_eof() && !outstanding_.empty();
    if (ended_body) {
        const auto life = life_;
        const sample what{outstanding_.front().intended, outstanding_.front().sent, steady::now()};
        outstanding_.pop_front();
        ends_ = true;
        const auto status = response_->status();
        response_.reset();
        room_.owner.on_answer(*this, what, status);
        if (life != life_ || state_ == state::closed) return;
    }
    resets_ = resets_ || is_reset(failed);
    server_closed_ = !resets_ && failed == net::error::eof;
    if (outstanding_.empty()) return finish(std::nullopt);
    finish(resets_ ? failure::reset : failure::eof);
}

void load_connection::close() {
    if (room_.what.ends == closer::server) {
        state_ = state::leaving;
        since_ = steady::now();
        return;  // the reader meets its FIN
    }
    finish(std::nullopt);
}

void load_connection::cut() {
    if (state_ == state::closed) return;
    if (state_ == state::open || state_ == state::leaving) ++room_.counts.open_at_end;
    const auto now = steady::now();
    for (const auto& each : outstanding_)
        if (room_.what.rate ? room_.measures(each.intended) : each.sent < room_.from) {
            room_.counts.fail(failure::silence);
            count_wait(each.intended, now);
        }
    error_code ignored;
    (void)socket_.set_option(net::socket_base::linger(true, 0), ignored);
    (void)socket_.close(ignored);
    outstanding_.clear();
    state_ = state::closed;
    ++life_;
}

void load_connection::check(time_point limit) {
    const bool late = state_ == state::connecting || state_ == state::leaving
                          ? since_ < limit
                          : state_ == state::open && !outstanding_.empty() &&
                                outstanding_.front().sent != time_point() && outstanding_.front().sent < limit;
    if (late) finish(failure::silence);
}

void load_connection::count_close(std::optional<failure> why) {
    auto& into = room_.counts.first;
    if (state_ == state::connecting) return;
    if (resets_) {
        ++into.reset_by_server;
        return;
    }
    // A read that met the end is proof enough.
    const auto before = server_closed_ ? tcp_state::close_wait : state_of(socket_.native_handle());
    const bool by_reset = room_.what.ends == closer::reset && !why && state_ == state::open;
    if (before == tcp_state::close_wait)
        ++into.server;
    else if (before == tcp_state::closed)
        ++into.reset_by_server;
    else if (before == tcp_state::established)
        ++(by_reset ? into.reset_by_client : into.client);
    else
        ++into.unknown;
}

void load_connection::count_failure(failure why, time_point now) {
    if (outstanding_.empty() && room_.measures(now)) room_.counts.fail(why);
    for (const auto& each : outstanding_)
        if (room_.counts_request(each.intended, now)) {
            room_.counts.fail(why);
            if (why == failure::silence) count_wait(each.intended, now);
        }
}

/// In an open loop who never had an answer has waited at least so long: left out, the longest waits would be missing.
void load_connection::count_wait(time_point intended, time_point now) {
    if (room_.what.rate) room_.counts.latency.add(now - intended);
}

void load_connection::finish(std::optional<failure> why) {
    const auto now = steady::now();
    if (room_.measures(now)) count_close(why);
    if (why) count_failure(*why, now);
    if (room_.what.ends == closer::reset && !why && state_ == state::open) {
        error_code ignored;
        (void)socket_.set_option(net::socket_base::linger(true, 0), ignored);
    }
    error_code ignored;
    (void)socket_.close(ignored);
    outstanding_.clear();
    state_ = state::closed;
    ++life_;
    room_.owner.on_closed(*this, why);
}

}  // namespace firstfin::load
