#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "server/nginx/after_answer.hpp"
#include "server/nginx/connection.hpp"

// From an answer's last byte to the next request, or the close.

namespace firstfin::nginx {

// ngx_http_finalize_connection: a body still on its way comes first.
void connection::finish_answer() {
    disarm();
    if (request_->out.ends_at_once) {
        log_answer();
        return close_with(ending::fin);
    }
    if (!request_->discarding) return settle();
    phase_ = phase::discarding;
    arm(values_->lingering_timeout.value);
    count_lingering();
}

// Whole seconds, as nginx counts them: what is less than one is none.
void connection::count_lingering() {
    if (request_->linger_until != 0) return;
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(values_->lingering_time.value);
    request_->linger_until = worker_.loop.clock().seconds() + whole.count();
}

void connection::settle() {
    const auto& all = *request_;
    const answered state{.keeps_alive = all.out.keeps_alive,
                         .exiting = worker_.exiting,
                         .input_ended = input_.ended(),
                         .had_body = all.had_body,
                         .input_ready = input_.ready(),
                         .was_pipelined = was_pipelined_ && worker_.lingers_after_pipelining,
                         .buffered = all.buffer.view().size() + all.behind_body.size()};
    switch (after_answer(state, *values_)) {
        case next_step::keep:
            return keep();
        case next_step::linger:
            return begin_lingering();
        case next_step::close:
            log_answer();
            return close_with(ending::fin);
    }
}

// ngx_http_set_keepalive.
void connection::keep() {
    auto& all = *request_;
    log_answer();
    all.buffer.restart(all.behind_body);
    if (all.buffer.view().empty()) {
        leave_request();
        return wait_idle();
    }
    all.begin_next();
    all.pipelined = was_pipelined_ = true;
    disarm();
    begin_request();
    post();
}

void connection::wait_idle() {
    phase_ = phase::idle;
    if (!no_delay_ && values_->tcp_nodelay.value) {
        const int on = 1;
        ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        no_delay_ = true;
    }
    const auto whole = values_->keepalive_timeout.value;
    const auto promised = values_->keepalive_min_timeout.value;
    if (promised.count() == 0) {
        be_idle();
        arm(whole);
    } else {
        const auto first = std::min(whole, promised);
        idle_rest_ = whole - first;
        arm(first);
    }
    if (input_.ready()) post();
}

/// From now on it may be closed to make room, or with the worker.
void connection::be_idle() {
    idle_ = true;
    worker_.table.set_reusable(*this, true);
}

void connection::idle_is_over() {
    if (idle_rest_.count() == 0 || worker_.exiting) return close_with(ending::fin);
    be_idle();
    arm(std::exchange(idle_rest_, nginx_conf::milliseconds(0)));
}

// ngx_http_set_lingering_close.
void connection::begin_lingering() {
    count_lingering();
    if (::shutdown(fd_, SHUT_WR) != 0) {
        log_answer();
        return close_with(ending::fin);
    }
    phase_ = phase::lingering;
    worker_.table.set_reusable(*this, true);
    arm(values_->lingering_timeout.value);
    if (input_.ready()) linger_on();
}

// ngx_http_lingering_close_handler.
void connection::linger_on() {
    const auto left = request_->linger_until - worker_.loop.clock().seconds();
    bool over = left <= 0;
    while (!over) {
        std::size_t received = 0;
        const auto outcome = input_.receive(fd_, worker_.waste.data(), worker_.waste.size(), received);
        if (outcome == input::outcome::nothing_yet) break;
        over = outcome != input::outcome::bytes;
        if (!input_.ready()) break;
    }
    if (over) {
        log_answer();
        return close_with(ending::fin);
    }
    arm(std::min<nginx_conf::milliseconds>(std::chrono::seconds(left), values_->lingering_timeout.value));
}

}  // namespace firstfin::nginx
