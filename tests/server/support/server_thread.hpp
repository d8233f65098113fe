#pragma once

#include <thread>

#include "server/server.hpp"
#include "tests/server/support/event_log.hpp"

namespace firstfin::test {

/// A server with one listener a policy on 127.0.0.1, its loop on a thread of its own.
class server_thread {
public:
    explicit server_thread(const server_policy& policy) : server_thread(std::vector{policy}) {}
    explicit server_thread(const std::vector<server_policy>& policies);
    server_thread(const server_thread&) = delete;
    server_thread& operator=(const server_thread&) = delete;
    ~server_thread();

    void stop();
    void finish();
    /// Until the loop has ended after stop() or finish().
    void join();

    [[nodiscard]] const endpoint& where(std::size_t listener = 0) const { return listeners_[listener]; }
    event_log log;

private:
    boost::asio::io_context loop_{1};
    server server_;
    std::vector<endpoint> listeners_;
    std::thread thread_;
};

}  // namespace firstfin::test
