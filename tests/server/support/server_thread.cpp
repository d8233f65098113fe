#include "tests/server/support/server_thread.hpp"

#include <boost/asio/post.hpp>

namespace firstfin::test {

server_thread::server_thread(const std::vector<server_policy>& policies)
    : server_(
          loop_, [this](const role::event& what) { log.add(what); }, 1) {
    const auto loopback = boost::asio::ip::make_address("127.0.0.1");
    for (const auto& policy : policies)
        listeners_.push_back(server_.listen({loopback, 0}, policy, "test"));
    server_.when_finished([this] { loop_.stop(); });
    server_.start();
    thread_ = std::thread([this] {
        loop_.run();
        loop_.restart();
        loop_.poll();
    });
}

server_thread::~server_thread() {
    stop();
    join();
}

void server_thread::stop() {
    boost::asio::post(loop_, [this] { server_.stop(); });
}

void server_thread::finish() {
    boost::asio::post(loop_, [this] { server_.finish(); });
}

void server_thread::join() {
    if (thread_.joinable()) thread_.join();
}

}  // namespace firstfin::test
