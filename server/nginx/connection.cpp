#include "server/nginx/connection.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace firstfin::nginx {

namespace {
constexpr std::uint32_t input_events = EPOLLIN | EPOLLRDHUP | EPOLLET;
}

connection::connection(worker_state& worker, int fd, const connection_facts& facts)
    : worker_(worker), facts_(facts), fd_(fd) {}

connection::~connection() {
    if (phase_ != phase::closed) ::close(fd_);
}

void connection::begin() {
    if (!worker_.loop.try_watch(fd_, *this, input_events)) return close_with(ending::fin);
    idle_ = worker_.waiting_is_idle;
    worker_.table.set_reusable(*this, true);
    arm(worker_.all.default_server(facts_.listen).client_header_timeout.value);
}

void connection::on_events(std::uint32_t events) {
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) events |= EPOLLIN | EPOLLOUT;
    if (phase_ != phase::closed && (events & EPOLLIN) != 0) {
        input_.take(events);
        on_readable();
    }
    if (phase_ != phase::closed && (events & EPOLLOUT) != 0 && watches_output_) on_writable();
}

void connection::on_readable() {
    switch (phase_) {
        case phase::waiting:
        case phase::idle:
            return read_first_bytes();
        case phase::reading_header:
            return read_header();
        case phase::answering:
            if (request_->discarding) return discard_more();
            if (input_.peer_closed()) abandon("client prematurely closed connection", ending::fin);
            return;
        case phase::discarding:
            return discard_more();
        case phase::lingering:
            return linger_on();
        case phase::closed:
            return;
    }
}

void connection::on_writable() {
    if (phase_ == phase::answering && !delayed_) send_answer();
}

void connection::on_posted() {
    posted_ = false;
    switch (phase_) {
        case phase::reading_header:
            return read_header();
        case phase::idle:
            return read_first_bytes();
        case phase::answering:
            return send_answer();
        default:
            return;
    }
}

void connection::on_deadline(duration /*lateness*/) {
    switch (phase_) {
        case phase::waiting:
            return abandon("client timed out", ending::fin);
        case phase::reading_header:
            // Nothing is sent, whatever client_header_timeout's page says: the 408 is in the log alone.
            worker_.all.log_unanswered(exchange_now(0), 408);
            return abandon("client timed out", ending::as_timed_out);
        case phase::answering:
            if (!delayed_) return abandon("client timed out", ending::as_timed_out);
            delayed_ = false;
            return send_answer();
        case phase::discarding:
            return abandon("client timed out", ending::as_timed_out);
        case phase::lingering:
            log_answer();
            return close_with(ending::fin);
        case phase::idle:
            return idle_is_over();
        case phase::closed:
            return;
    }
}

void connection::give_way() {
    if (phase_ == phase::lingering) log_answer();
    close_with(ending::fin);
}

void connection::end_if_idle() {
    if (idle_) close_with(ending::fin);
}

void connection::end_anyhow() {
    if (phase_ == phase::reading_header) return;
    if (request_ != nullptr) log_answer();
    close_with(ending::fin);
}

const nginx_conf::location_values& connection::values() const {
    return values_ != nullptr ? *values_ : worker_.all.default_server(facts_.listen).level.values;
}

exchange connection::exchange_now(int discard_error) const {
    return {.request = request_->parser.get(),
            .connection = facts_,
            .clock = worker_.loop.clock(),
            .exiting = worker_.exiting,
            .pipelined = request_->pipelined,
            .discard_error = discard_error,
            .header_size = request_->header_size,
            .began = request_->began};
}

void connection::arm(nginx_conf::milliseconds after) {
    worker_.loop.arm(*this, after);
}

void connection::post() {
    if (std::exchange(posted_, true)) return;
    worker_.loop.post(*this);
}

void connection::log_answer() {
    if (request_->answered) worker_.all.log(exchange_now(0), request_->out, request_->sender.sent());
}

void connection::abandon(const char* why, ending how) {
    if (worker_.log.takes(log_level::info)) worker_.log.write(log_level::info, why, facts_.number);
    if (request_ != nullptr) log_answer();
    close_with(how);
}

void connection::close_with(ending how) {
    if (how == ending::as_timed_out && values().reset_timedout_connection.value) {
        const linger at_once{1, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    disarm();
    if (posted_) worker_.loop.cancel(*this);
    leave_request();
    ::close(fd_);
    phase_ = phase::closed;
    worker_.table.remove(*this);
}

void connection::leave_request() {
    if (request_ != nullptr) worker_.pools[facts_.listen].give_back(std::move(request_));
}

}  // namespace firstfin::nginx
