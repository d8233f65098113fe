#pragma once

#include <memory>
#include <vector>

#include "server/common_ground.hpp"

namespace firstfin {

class listener;

/// Many listeners in one loop, each with its own policy. Everything that happens goes to the sink as role events; who
/// prints or sends them is not known here. Must outlive the last turn of its loop.
class server {
public:
    server(boost::asio::io_context& loop, event_sink report, std::uint64_t seed);
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    ~server();

    /// Opens a listener and reports `listening` with `name`; returns the address with its port. Accepting begins with
    /// start(). Throws environment_lacks.
    endpoint listen(const endpoint& where, const server_policy& policy, std::string name);
    /// Reports `ready` and accepts.
    void start();

    /// Closes everything now.
    void stop();
    /// Stops accepting, closes idle connections, lets requests under way finish (their responses say close).
    void finish();
    /// Called once, from the loop, when after stop() or finish() nothing is left; `done` has been reported.
    void when_finished(std::function<void()> call) { when_finished_ = std::move(call); }

private:
    void connection_ended();
    void close_listeners();

    common_ground ground_;
    std::vector<std::unique_ptr<listener>> listeners_;
    std::function<void()> when_finished_;
    bool look_around_queued_ = false;
    bool done_ = false;
};

}  // namespace firstfin
