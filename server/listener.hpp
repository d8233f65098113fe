#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "server/common_ground.hpp"
#include "server/prepared_responses.hpp"

namespace firstfin {

/// A listening socket with its policy. Outlives its connections' handlers' interest in it: it goes with the server.
class listener final : private deadlines::hook {
public:
    /// Binds and listens. Throws environment_lacks naming the address and the remedy.
    listener(common_ground& ground, const endpoint& where, const server_policy& policy);
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;
    ~listener() override = default;

    void accept_connections();
    /// A descriptor came free.
    void resume();
    void stop();

    [[nodiscard]] const endpoint& local() const { return local_; }
    [[nodiscard]] const server_policy& policy() const { return policy_; }
    [[nodiscard]] const prepared_responses& responses() const { return responses_; }
    [[nodiscard]] common_ground& ground() const { return ground_; }

private:
    void wait_for_connection();
    bool accept_one();
    void pause();
    void on_deadline(duration lateness) override;

    common_ground& ground_;
    server_policy policy_;
    prepared_responses responses_;
    boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type> acceptor_;
    endpoint local_;
    bool paused_ = false;
};

}  // namespace firstfin
