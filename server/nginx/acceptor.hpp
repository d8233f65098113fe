#pragma once

#include "core/deadline_queue.hpp"
#include "server/nginx/event_loop.hpp"
#include "server/nginx/worker.hpp"
#include "server/nginx/worker_state.hpp"

namespace firstfin::nginx {

/// One listening socket in one worker (ngx_event_accept); destroying it closes the worker's copy of the socket.
/// Level-triggered, one connection a round, as nginx's without multi_accept: workers share what comes.
class acceptor final : private event_source, private deadline_queue::hook {
public:
    /// `numbers`: the worker's count of connections. Both outlive it.
    acceptor(worker_state& worker, const listening_socket& socket, std::uint64_t& numbers);
    ~acceptor();

private:
    void on_events(std::uint32_t events) override;
    void on_deadline(duration lateness) override;
    void take(int fd, const endpoint& remote);
    void pause(int error);
    void stop();
    [[nodiscard]] std::size_t listen_of(const endpoint& local) const;

    worker_state& worker_;
    listening_socket socket_;
    std::uint64_t& numbers_;
    endpoint bound_;
    bool is_wildcard_;
    bool accepts_ = false;
};

}  // namespace firstfin::nginx
