#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/duration.hpp"
#include "core/endpoint.hpp"

namespace firstfin::testing {

/// One thing the server does on a connection.
struct act {
    enum class kind { read_request, send, pause, fin, half_close, rst, read_to_end, hold };
    kind what{};
    std::string text = {};
    duration time{};
};

inline act reads_request() {
    return {act::kind::read_request};
}
inline act sends(std::string text) {
    return {act::kind::send, std::move(text)};
}
inline act waits(duration time) {
    return {act::kind::pause, {}, time};
}
inline act closes() {
    return {act::kind::fin};
}
inline act closes_half() {
    return {act::kind::half_close};
}
inline act resets() {
    return {act::kind::rst};
}
inline act reads_to_end() {
    return {act::kind::read_to_end};
}
/// Keeps the connection, reading nothing, until the server goes away.
inline act holds() {
    return {act::kind::hold};
}

using script = std::vector<act>;
[[nodiscard]] script operator+(script first, const script& second);
[[nodiscard]] script times(int count, const script& what);
/// Reads a request and answers it: 200 with a small body.
[[nodiscard]] script answers(const std::string& extra_header = {});

/// What a connection's server side saw.
struct seen {
    std::vector<std::string> requests;
    bool eof = false;
    bool reset = false;
};

/// Plays one script a connection (the last one again for further connections) in a thread of its own.
class scripted_server {
public:
    explicit scripted_server(std::vector<script> scripts, const char* address = "127.0.0.1");
    ~scripted_server();
    scripted_server(const scripted_server&) = delete;
    scripted_server& operator=(const scripted_server&) = delete;

    [[nodiscard]] endpoint where() const { return where_; }
    /// Waits until `count` connections have come to the end of their scripts.
    [[nodiscard]] std::vector<seen> wait_for(std::size_t count, duration patience = std::chrono::seconds(10)) const;

private:
    boost::asio::awaitable<void> accept_all();
    boost::asio::awaitable<void> play(boost::asio::ip::tcp::socket socket, std::size_t number);
    boost::asio::awaitable<bool> read_request(boost::asio::ip::tcp::socket& socket, std::string& buffer,
                                              std::size_t number);
    boost::asio::awaitable<void> read_to_end(boost::asio::ip::tcp::socket& socket, std::size_t number);
    boost::asio::awaitable<void> wait(duration time);
    boost::asio::awaitable<void> send(boost::asio::ip::tcp::socket& socket, const std::string& text);
    void note(std::size_t number, const std::function<void(seen&)>& change);

    boost::asio::io_context loop_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    endpoint where_;
    std::vector<script> scripts_;
    mutable std::mutex guard_;
    std::vector<seen> seen_;
    std::size_t over_ = 0;
    std::thread thread_;
};

}  // namespace firstfin::testing
