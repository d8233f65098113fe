#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "server/exchange.hpp"
#include "server/prepared_responses.hpp"

namespace firstfin {

namespace net = boost::asio;

namespace {

constexpr auto as_tuple_awaitable = net::as_tuple(net::use_awaitable);
constexpr std::size_t most_slices = 16;

}  // namespace

net::awaitable<boost::system::error_code> connection::send_body(std::size_t size) {
    while (size > 0 && phase_ == phase::responding) {
        const auto slice = body_bytes(size);
        const auto [failed, sent] = co_await net::async_write(socket_, slice, as_tuple_awaitable);
        if (failed) co_return failed;
        size -= sent;
    }
    co_return boost::system::error_code{};
}

/// The head at once, then slices of the body at equal distances; the last one at the end of response_pace.
net::awaitable<boost::system::error_code> connection::send_paced(std::string_view head, std::size_t body_size) {
    const auto start = steady::now();
    const auto [unsent, ignored] = co_await net::async_write(socket_, net::buffer(head), as_tuple_awaitable);
    if (unsent) co_return unsent;
    const auto pace = policy().response_pace;
    const auto slices = std::min(most_slices, body_size);
    std::size_t sent = 0;
    for (std::size_t slice = 1; slice <= slices && phase_ == phase::responding; ++slice) {
        exchange_->pause.expires_at(start +
                                    pace * static_cast<duration::rep>(slice) / static_cast<duration::rep>(slices));
        co_await exchange_->pause.async_wait(as_tuple_awaitable);
        if (phase_ != phase::responding) break;
        const auto until = body_size * slice / slices;
        const auto failed = co_await send_body(until - sent);
        if (failed) co_return failed;
        sent = until;
    }
    co_return boost::system::error_code{};
}

}  // namespace firstfin
