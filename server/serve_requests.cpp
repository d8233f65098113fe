#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "server/exchange.hpp"
#include "server/listener.hpp"
#include "server/request_reader.hpp"

// g++ 12 with optimisation sees Asio's frame allocator inlined on one side only and reports a mismatch that is none.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace firstfin {

namespace net = boost::asio;
using role::close_reason;
using role::event_kind;

namespace {

constexpr auto as_tuple_awaitable = net::as_tuple(net::use_awaitable);
constexpr std::size_t read_ahead = 4096;
constexpr std::string_view go_ahead = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

void connection::begin_serving(std::string_view first_bytes) {
    mark_ = steady::now();
    phase_ = phase::reading;
    if (requests_ > 0) disarm();  // the first request's limit counts from the accept
    exchange_ = std::make_unique<exchange>(ground().loop);
    auto& input = exchange_->input;
    input.commit(net::buffer_copy(input.prepare(first_bytes.size()), net::buffer(first_bytes)));
    net::co_spawn(socket_.get_executor(), serve_requests(share(this)),
                  [self = share(this)](const std::exception_ptr& bug, next_step next) {
                      if (bug) std::rethrow_exception(bug);  // out of the loop, to main
                      self->carry_out(next);
                  });
}

// One absolute limit for a header, counted from the accept (armed then) or from the first byte; for a body, silence.
void connection::arm_reading_limit(bool header_complete) {
    const auto limit = policy().header_timeout;
    if (header_complete)
        ground().timers.arm(*this, deadline_after(steady::now(), limit));
    else if (requests_ > 0)
        ground().timers.arm(*this, deadline_after(mark_, limit));
}

void connection::take_request(const request_reader& request) {
    disarm();
    phase_ = phase::responding;
    ++requests_;
    request_facts facts;
    facts.ordinal = requests_;
    facts.age = mark_ - accepted_at_;
    if (request.status() == 200) {
        facts.version = request.version();
        facts.wishes = request.wishes();
        says_close_ = decide(facts, policy()) == after_response::close;
        ends_for_ = close_reason::policy;
    } else {
        says_close_ = true;
        ends_for_ = close_reason::bad_message;
    }
    auto received = event_of(event_kind::request_received);
    received.request = requests_;
    received.says_close = facts.wishes.close;
    report(received);
}

/// The last moment to say close: the head is about to leave.
after_response connection::settle() {
    if (!says_close_ && ground().state == common_ground::mood::finishing) {
        says_close_ = true;
        ends_for_ = close_reason::shutdown;
    }
    return says_close_ ? after_response::close : after_response::keep;
}

net::awaitable<connection::next_step> connection::serve_requests([[maybe_unused]] share self) {
    auto& input = exchange_->input;
    for (;;) {
        request_reader request;
        for (auto got = request.feed(input); got == request_reader::progress::wants_more; got = request.feed(input)) {
            arm_reading_limit(request.header_complete());
            if (request.wants_go_ahead()) {
                const auto [unsent, ignored] =
                    co_await net::async_write(socket_, net::buffer(go_ahead), as_tuple_awaitable);
                if (phase_ != phase::reading) co_return next_step{};
                if (unsent) co_return next_step::lost(unsent);
            }
            const auto room = input.prepare(read_ahead);
            const auto [failed, bytes] = co_await socket_.async_read_some(room, as_tuple_awaitable);
            if (phase_ != phase::reading) co_return next_step{};  // its limit passed, or the process stops
            if (failed) co_return next_step::lost(failed);
            input.commit(bytes);
        }
        take_request(request);
        look_for_fin();
        if (policy().response_delay != duration::zero() && phase_ == phase::responding) {
            exchange_->pause.expires_after(policy().response_delay);
            co_await exchange_->pause.async_wait(as_tuple_awaitable);
        }
        if (phase_ != phase::responding) co_return next_step{};

        const auto after = settle();
        const auto status = request.status();
        const auto refused = status == 200 ? std::string{} : refusal(status);
        const auto& head = status == 200 ? home_.responses().head(after) : refused;
        const std::size_t body_size = status == 200 && !request.is_head() ? policy().response_size : 0;
        boost::system::error_code failed;
        if (policy().response_pace != duration::zero() && body_size != 0) {
            failed = co_await send_paced(head, body_size);
        } else {
            const std::array<net::const_buffer, 2> first{net::buffer(head), body_bytes(body_size)};
            const auto [unsent, sent] = co_await net::async_write(socket_, first, as_tuple_awaitable);
            failed = unsent;
            const auto rest = body_size - first[1].size();
            if (!failed && rest != 0) failed = co_await send_body(rest);
        }
        mark_ = steady::now();
        if (phase_ != phase::responding) co_return next_step{};
        if (failed) co_return next_step::lost(failed);

        auto answered = event_of(event_kind::response_sent);
        answered.at = mark_;
        answered.request = requests_;
        answered.status = status;
        answered.says_close = says_close_;
        report(answered);
        if (says_close_) co_return next_step::close(ends_for_);
        if (input.size() == 0) co_return next_step::park();
        phase_ = phase::reading;
    }
}

}  // namespace firstfin
