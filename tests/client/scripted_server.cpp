#include "tests/client/scripted_server.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace firstfin::testing {

namespace net = boost::asio;
using net::ip::tcp;

namespace {
constexpr auto as_tuple_awaitable = net::as_tuple(net::use_awaitable);
}

script operator+(script first, const script& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

script times(int count, const script& what) {
    script out;
    for (int i = 0; i < count; ++i) out = std::move(out) + what;
    return out;
}

script answers(const std::string& extra_header) {
    return {reads_request(), sends("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + extra_header + "\r\nhi")};
}

scripted_server::scripted_server(std::vector<script> scripts, const char* address)
    : acceptor_(loop_, tcp::endpoint(net::ip::make_address(address), 0)), where_(acceptor_.local_endpoint()), scripts_(std::move(scripts)) {
    acceptor_.listen(4096);
    net::co_spawn(loop_, accept_all(), [](const std::exception_ptr& broken) {
        if (broken) std::rethrow_exception(broken);
    });
    thread_ = std::thread([this] { loop_.run(); });
}

scripted_server::~scripted_server() {
    loop_.stop();
    thread_.join();
}

std::vector<seen> scripted_server::wait_for(std::size_t count, duration patience) const {
    for (const auto give_up = steady::now() + patience; steady::now() < give_up; std::this_thread::sleep_for(std::chrono::milliseconds(1))) {
        const std::lock_guard lock(guard_);
        if (over_ >= count) return seen_;
    }
    const std::lock_guard lock(guard_);
    return seen_;
}

net::awaitable<void> scripted_server::accept_all() {
    for (std::size_t number = 0;; ++number) {
        auto [failed, socket] = co_await acceptor_.async_accept(as_tuple_awaitable);
        if (failed) co_return;
        {
            const std::lock_guard lock(guard_);
            seen_.emplace_back();
        }
        net::co_spawn(loop_, play(std::move(socket), number), [this](const std::exception_ptr& broken) {
            if (broken) std::rethrow_exception(broken);
            const std::lock_guard lock(guard_);
            ++over_;
        });
    }
}

net::awaitable<void> scripted_server::play(tcp::socket socket, std::size_t number) {
    const auto lines = scripts_[std::min(number, scripts_.size() - 1)];
    net::steady_timer timer(loop_);
    std::string buffer;
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto note = [this, number](auto&& change) {
        const std::lock_guard lock(guard_);
        change(seen_[number]);
    };
    const auto note_end = [&note](const boost::system::error_code& why) {
        note([&](seen& of) { (why == net::error::eof ? of.eof : of.reset) = true; });
    };
    for (const auto& line : lines) {
        switch (line.what) {
            case act::kind::read_request: {
                auto into = net::dynamic_buffer(buffer);
                const auto [failed, bytes] = co_await net::async_read_until(socket, into, "\r\n\r\n", as_tuple_awaitable);
                if (failed) {
                    note_end(failed);
                    co_return;
                }
                note([&, size = bytes](seen& of) { of.requests.push_back(buffer.substr(0, size)); });
                buffer.erase(0, bytes);
                break;
            }
            case act::kind::send: {
                const auto bytes = net::buffer(line.text);
                (void)co_await net::async_write(socket, bytes, as_tuple_awaitable);
                break;
            }
            case act::kind::pause: {
                timer.expires_after(line.time);
                (void)co_await timer.async_wait(as_tuple_awaitable);
                break;
            }
            case act::kind::fin: socket.close(ignored); co_return;
            case act::kind::half_close: socket.shutdown(tcp::socket::shutdown_send, ignored); break;
            case act::kind::rst:
                socket.set_option(tcp::socket::linger(true, 0), ignored);
                socket.close(ignored);
                co_return;
            case act::kind::read_to_end: {
                for (;;) {
                    std::array<char, 1024> bytes;
                    const auto into = net::buffer(bytes);
                    const auto [failed, count] = co_await socket.async_read_some(into, as_tuple_awaitable);
                    if (!failed) continue;
                    note_end(failed);
                    break;
                }
                break;
            }
            case act::kind::hold: {
                timer.expires_at(steady::time_point::max());
                (void)co_await timer.async_wait(as_tuple_awaitable);
                break;
            }
        }
    }
}

}  // namespace firstfin::testing
