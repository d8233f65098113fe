#include "tests/client/scripted_server.hpp"

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
    for (int i = 0; i < count; ++i)
        out = std::move(out) + what;
    return out;
}

script answers(const std::string& extra_header) {
    return {reads_request(), sends("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + extra_header + "\r\nhi")};
}

scripted_server::scripted_server(std::vector<script> scripts, const char* address)
    : acceptor_(loop_, tcp::endpoint(net::ip::make_address(address), 0)),
      where_(acceptor_.local_endpoint()),
      scripts_(std::move(scripts)) {
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
    for (const auto give_up = steady::now() + patience; steady::now() < give_up;
         std::this_thread::sleep_for(std::chrono::milliseconds(1))) {
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

void scripted_server::note(std::size_t number, const std::function<void(seen&)>& change) {
    const std::lock_guard lock(guard_);
    change(seen_[number]);
}

/// False: the connection ended instead.
net::awaitable<bool> scripted_server::read_request(tcp::socket& socket, std::string& buffer, std::size_t number) {
    auto into = net::dynamic_buffer(buffer);
    const auto [failed, bytes] = co_await net::async_read_until(socket, into, "\r\n\r\n", as_tuple_awaitable);
    if (failed) {
        note(number, [ended_by = failed](seen& of) { (ended_by == net::error::eof ? of.eof : of.reset) = true; });
        co_return false;
    }
    note(number, [&buffer, size = bytes](seen& of) { of.requests.push_back(buffer.substr(0, size)); });
    buffer.erase(0, bytes);
    co_return true;
}

net::awaitable<void> scripted_server::read_to_end(tcp::socket& socket, std::size_t number) {
    std::string bytes(1024, '\0');  // not an array: g++ 12 then suspects the frame's operator delete
    const auto into = net::buffer(bytes);
    for (;;) {
        const auto [failed, count] = co_await socket.async_read_some(into, as_tuple_awaitable);
        if (!failed) continue;
        note(number, [ended_by = failed](seen& of) { (ended_by == net::error::eof ? of.eof : of.reset) = true; });
        co_return;
    }
}

net::awaitable<void> scripted_server::wait(duration time) {
    net::steady_timer timer(loop_);
    if (time == duration::max())
        timer.expires_at(steady::time_point::max());
    else
        timer.expires_after(time);
    (void)co_await timer.async_wait(as_tuple_awaitable);
}

net::awaitable<void> scripted_server::send(tcp::socket& socket, const std::string& text) {
    const auto bytes = net::buffer(text);
    (void)co_await net::async_write(socket, bytes, as_tuple_awaitable);
}

net::awaitable<void> scripted_server::play(tcp::socket socket, std::size_t number) {
    const auto& lines = scripts_[std::min(number, scripts_.size() - 1)];
    std::string buffer;
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    for (const auto& line : lines) {
        bool goes_on = true;
        switch (line.what) {
            case act::kind::read_request:
                goes_on = co_await read_request(socket, buffer, number);
                break;
            case act::kind::send:
                co_await send(socket, line.text);
                break;
            case act::kind::pause:
                co_await wait(line.time);
                break;
            case act::kind::hold:
                co_await wait(duration::max());
                break;
            case act::kind::read_to_end:
                co_await read_to_end(socket, number);
                break;
            case act::kind::half_close:
                socket.shutdown(tcp::socket::shutdown_send, ignored);
                break;
            case act::kind::rst:
                socket.set_option(tcp::socket::linger(true, 0), ignored);
                goes_on = false;
                break;
            case act::kind::fin:
                goes_on = false;
                break;
        }
        if (!goes_on) break;
    }
    socket.close(ignored);
}

}  // namespace firstfin::testing
