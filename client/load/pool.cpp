#include "client/load/pool.hpp"

#include <algorithm>

#include "client/request_text.hpp"

namespace firstfin::load {

namespace net = boost::asio;
using boost::system::error_code;

namespace {

/// How often patience is checked, and a connection that failed is tried again.
constexpr auto tick_length = std::chrono::milliseconds(20);

std::string request_of(const order& what, client::after_request wish) {
    scenario asked;
    asked.path = what.path;
    return client::request_text(asked, what.authority.empty() ? to_text(what.server) : what.authority, wish);
}

}  // namespace

pool::pool(net::io_context& loop, const order& share, std::uint64_t seed)
    : what_(share),
      room_{loop,
            what_,
            request_of(what_, client::after_request::keep_alive),
            request_of(what_,
                       what_.ends == closer::server ? client::after_request::close : client::after_request::keep_alive),
            counts_,
            *this},
      seed_(seed),
      alarm_(loop),
      ticks_(loop) {
    connections_.reserve(what_.connections);
    for (std::uint32_t i = 0; i < what_.connections; ++i)
        connections_.push_back(std::make_unique<load_connection>(room_));
}

void pool::start(time_point now, time_point from, time_point until) {
    room_.from = from;
    room_.until = until;
    if (what_.rate) due_.emplace(now, *what_.rate, what_.spacing, seed_);
    for (const auto& each : connections_) {
        if (is_open_loop())
            closed_.push_back(each.get());
        else
            each->open();
    }
    tick();
    if (is_open_loop()) dispatch();
}

void pool::stop(time_point now) {
    if (stopped_) return;
    stopped_ = true;
    room_.until = std::min(room_.until, now);
    while (due_ && due_->next() < room_.until)
        if (const auto intended = due_->take(); intended >= room_.from) {
            ++counts_.unsent;
            counts_.latency.add(now - intended);  // at least
        }
    for (const auto& each : connections_)
        each->cut();
    alarm_.cancel();
    ticks_.cancel();
}

void pool::feed(load_connection& which) {
    if (!is_open_loop()) {
        while (which.has_room())
            which.send();
    } else {
        const auto now = steady::now();
        while (which.has_room() && due_->next() <= now && due_->next() < room_.until)
            which.send(due_->take());
    }
    which.flush();
}

void pool::on_open(load_connection& which) {
    if (stopped_) return;
    feed(which);
    if (is_open_loop()) {
        offer(which);
        dispatch();
    }
}

void pool::offer(load_connection& which) {
    if (which.listed || !which.has_room()) return;
    which.listed = true;
    with_room_.push_back(&which);
}

void pool::on_answer(load_connection& which, const sample& what, int status) {
    record(what);
    constexpr int first_error = 400;
    if (status >= first_error && room_.measures(what.answered)) counts_.fail(failure::status);
    if (stopped_) return;
    if (which.is_spent()) return which.close();
    feed(which);
    if (is_open_loop()) {
        offer(which);
        wake();
    }
}

void pool::record(const sample& what) {
    if (room_.measures(what.answered)) ++counts_.requests;
    if (!room_.counts_request(what.intended, what.answered)) return;
    counts_.latency.add(what.answered - (is_open_loop() ? what.intended : what.sent));
    if (is_open_loop()) counts_.send_delay.add(what.sent - what.intended);
    if (!what_.samples.empty()) counts_.samples.push_back(what);
}

void pool::on_closed(load_connection& which, std::optional<failure> why) {
    if (stopped_) return;
    if (why)
        resting_.push_back(&which);
    else if (is_open_loop()) {
        closed_.push_back(&which);
        wake();
    } else
        which.open();
}

void pool::dispatch() {
    if (stopped_) return;
    const auto now = steady::now();
    while (due_->next() <= now && due_->next() < room_.until) {
        if (!with_room_.empty()) {
            auto& which = *with_room_.back();
            if (!which.has_room()) {  // full, or gone since it was listed
                which.listed = false;
                with_room_.pop_back();
                continue;
            }
            which.send(due_->take());
            which.flush();
        } else if (!closed_.empty()) {
            auto* which = closed_.back();
            closed_.pop_back();
            which->open();
            which->send(due_->take());  // waits in it for the handshake
        } else {
            return;  // whoever has room next takes what is due
        }
    }
    set_alarm();
}

void pool::set_alarm() {
    if (due_->next() >= room_.until) return;
    alarmed_ = true;
    alarm_.expires_at(std::max(due_->next(), steady::now() + std::chrono::microseconds(1)));
    alarm_.async_wait([this](const error_code& cancelled) {
        if (cancelled) return;  // a later one is set
        alarmed_ = false;
        dispatch();
    });
}

void pool::wake() {
    if (!alarmed_) dispatch();
}

void pool::tick() {
    if (stopped_) return;
    const auto now = steady::now();
    if (is_done(now)) return stop(now);
    for (const auto& each : connections_)
        each->check(now - what_.patience);
    auto again = std::exchange(resting_, {});
    for (auto* each : again) {
        if (is_open_loop())
            closed_.push_back(each);
        else
            each->open();
    }
    if (is_open_loop()) dispatch();
    ticks_.expires_after(tick_length);
    ticks_.async_wait([this](const error_code& cancelled) {
        if (!cancelled) tick();
    });
}

bool pool::is_done(time_point now) const {
    if (now < room_.until) return false;
    if (!is_open_loop() || now >= room_.until + what_.patience) return true;
    // Answers to what was meant for the phase are waited for.
    const bool all_sent = due_->next() >= room_.until;
    return all_sent && std::ranges::all_of(connections_, [](const auto& each) { return each->waiting() == 0; });
}

}  // namespace firstfin::load
