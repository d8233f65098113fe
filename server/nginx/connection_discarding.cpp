#include <sys/socket.h>

#include "server/nginx/connection.hpp"

// The part of a request's body that nobody reads: it is taken off the socket before the next request, or the close.

namespace firstfin::nginx {

namespace {
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
}

connection::discarded connection::discard_buffered() {
    auto& all = *request_;
    auto bytes = all.buffer.view();
    const auto before = bytes.size();
    const auto progress = all.body.drop(bytes);
    all.buffer.drop(before - bytes.size());
    if (progress == body_remainder::progress::bad) return discarded::bad;
    return progress == body_remainder::progress::complete ? discarded::all : discarded::some;
}

// ngx_http_discard_request_body.
connection::discarded connection::begin_discarding() {
    auto& all = *request_;
    if (all.out.ends_before_body) return discarded::some;
    // An interim answer that does not fit an empty socket buffer is nobody's loss.
    if (all.out.sends_continue) std::ignore = ::send(fd_, go_on.data(), go_on.size(), MSG_NOSIGNAL);
    if (all.body.is_complete()) return discarded::all;
    const auto result = discard_from_socket();
    if (result == discarded::all) all.had_body = false;
    all.discarding = result == discarded::some;
    return result;
}

// ngx_http_read_discarded_request_body. An end or an error is an end of the body; who goes on will meet it.
connection::discarded connection::discard_from_socket() {
    auto& all = *request_;
    while (!all.body.is_complete()) {
        if (!input_.ready()) return discarded::some;
        std::size_t received = 0;
        const auto outcome = input_.receive(fd_, worker_.waste.data(), all.body.wanted(worker_.waste.size()), received);
        if (outcome == input::outcome::nothing_yet) return discarded::some;
        if (outcome != input::outcome::bytes) return discarded::all;
        std::string_view bytes(worker_.waste.data(), received);
        if (all.body.drop(bytes) == body_remainder::progress::bad) return discarded::bad;
        all.behind_body += bytes;
    }
    return discarded::all;
}

// ngx_http_discarded_request_body_handler.
void connection::discard_more() {
    auto& all = *request_;
    const auto left = all.linger_until - worker_.loop.clock().seconds();
    if (all.linger_until != 0 && left <= 0) return abandon("the body takes longer than lingering_time", ending::fin);
    switch (discard_from_socket()) {
        case discarded::all:
            all.discarding = all.had_body = false;
            all.linger_until = 0;
            if (phase_ == phase::discarding) settle();
            return;
        case discarded::bad:
            return abandon("client sent an invalid chunked body", ending::fin);
        case discarded::some:
            if (all.linger_until != 0)
                arm(std::min<nginx_conf::milliseconds>(std::chrono::seconds(left), values_->lingering_timeout.value));
            return;
    }
}

}  // namespace firstfin::nginx
