#include <sys/epoll.h>

#include "server/nginx/connection.hpp"

// From a connection's first bytes to its answer's first byte.

namespace firstfin::nginx {

// ngx_http_wait_request_handler, and ngx_http_keepalive_handler for later requests.
void connection::read_first_bytes() {
    auto& pool = worker_.pools[facts_.listen];
    const auto size = pool.rules().client_header_buffer_size;
    auto fresh = pool.take();
    std::size_t received = 0;
    const auto outcome = input_.receive(fd_, fresh->buffer.room(size), size, received);
    if (outcome != input::outcome::bytes) {
        pool.give_back(std::move(fresh));
        if (outcome != input::outcome::nothing_yet) close_with(ending::fin);
        return;
    }
    // A new connection's header has its time from accept on, a later request's from its first byte.
    if (phase_ == phase::idle) disarm();
    idle_ = false;
    idle_rest_ = {};
    worker_.table.set_reusable(*this, false);
    request_ = std::move(fresh);
    request_->buffer.added(received);
    begin_request();
    read_header();
}

void connection::begin_request() {
    phase_ = phase::reading_header;
    values_ = nullptr;  // of the location before it
    ++facts_.requests;
    request_->began = worker_.loop.clock().now();
    request_->began_second = worker_.loop.clock().seconds();
}

// ngx_http_process_request_line, ngx_http_process_request_headers.
void connection::read_header() {
    auto& parser = request_->parser;
    auto& buffer = request_->buffer;
    for (;;) {
        const auto progress = parser.feed(buffer.view());
        if (progress == http_request::request_parser::progress::complete) return begin_answer();
        if (progress == http_request::request_parser::progress::refused) return begin_refusal();
        buffer.drop(parser.drop_line_ends());

        const auto size = parser.room(buffer.view().size());
        std::size_t received = 0;
        auto outcome = input::outcome::nothing_yet;
        if (input_.ready()) outcome = input_.receive(fd_, buffer.room(size), size, received);
        switch (outcome) {
            case input::outcome::bytes:
                buffer.added(received);
                break;
            case input::outcome::nothing_yet:
                if (!armed()) arm(worker_.all.default_server(facts_.listen).client_header_timeout.value);
                return;
            case input::outcome::end:
            case input::outcome::failed:
                worker_.all.log_unanswered(exchange_now(0), 400);
                return abandon("client prematurely closed connection", ending::fin);
        }
    }
}

// ngx_http_process_request, and the handlers' own first steps.
void connection::begin_answer() {
    auto& all = *request_;
    disarm();
    all.header_size = all.parser.consumed();
    all.buffer.drop(all.header_size);
    const auto& asked = all.parser.get();
    if (asked.chunked)
        all.body = body_remainder(worker_.pools[facts_.listen].rules().speaks);
    else if (asked.content_length)
        all.body = body_remainder(*asked.content_length);
    all.had_body = asked.has_body();

    const bool is_bad = discard_buffered() == discarded::bad;
    worker_.all.answer_to(exchange_now(is_bad ? 400 : 0), all.out);
    all.had_body = all.had_body || all.out.lingers;
    if (all.out.what == answer::kind::normal && !is_bad && begin_discarding() == discarded::bad)
        worker_.all.answer_to(exchange_now(400), all.out);
    begin_sending();
}

void connection::begin_refusal() {
    auto& all = *request_;
    disarm();
    const auto& why = all.parser.why();
    all.header_size = all.parser.consumed();
    all.buffer.drop(all.header_size);
    if (why.chunked)
        all.body = body_remainder(worker_.pools[facts_.listen].rules().speaks);
    else if (why.content_length)
        all.body = body_remainder(*why.content_length);
    all.had_body = why.lingers;
    worker_.all.answer_to_refused(exchange_now(0), why, all.out);
    // Its status stands, whatever its body is.
    if (discard_buffered() != discarded::bad) std::ignore = begin_discarding();
    begin_sending();
}

void connection::begin_sending() {
    auto& all = *request_;
    phase_ = phase::answering;
    all.answered = true;
    values_ = all.out.values;
    if (all.out.what == answer::kind::nothing) {
        log_answer();
        return close_with(all.out.resets ? ending::as_timed_out : ending::fin);
    }
    all.sender.begin(all.began_second);
    send_answer();
}

void connection::watch_output() {
    if (std::exchange(watches_output_, true)) return;
    worker_.loop.change(fd_, *this, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
}

// ngx_http_writer.
void connection::send_answer() {
    switch (request_->sender.send(fd_, request_->out, worker_.loop.clock().seconds())) {
        case answer_sender::outcome::done:
            return finish_answer();
        case answer_sender::outcome::delayed:
            delayed_ = true;
            return arm(nginx_conf::milliseconds(request_->sender.delay_ms()));
        case answer_sender::outcome::paused:
            if (!std::exchange(posted_, true)) worker_.loop.post_next(*this);
            return arm(values_->send_timeout.value);
        case answer_sender::outcome::blocked:
            watch_output();
            return arm(values_->send_timeout.value);
        case answer_sender::outcome::failed:
            return abandon("the answer cannot be sent", ending::fin);
    }
}

}  // namespace firstfin::nginx
